package dev.cgnat.bench.peers;

import dev.cgnat.bench.peers.PeersReport.Row;
import dev.cgnat.bench.peers.PeersReport.Table;
import dev.cgnat.bench.peers.work.WorkOrder;
import dev.cgnat.bench.peers.work.WorkResult;
import dev.cgnat.bench.peers.work.WorkResult.Figure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A great many connections through one proxy, and as many at a time as it has descriptors for. Nobody else takes part. */
final class SoakPart implements Part.Question {
    private static final int PORT = 9400;
    private static final int LIMITED_PORT = 9410;
    private static final int UNLIMITED_PORT = 9420;
    private static final int FLOWS = 64;
    private static final int LIMIT = 9_800;
    /** More than 20,000 descriptors are good for. */
    private static final int TOO_MANY = 12_000;

    private static final String PORTS = "1024-65535";
    private static final String HOLD_DOWN = "2s";
    private static final Duration AT_MOST = Duration.ofMinutes(30);
    private static final Duration REST = Duration.ofSeconds(5);
    private static final double KIB_PER_MIB = 1024;
    private static final double BYTES_PER_MIB = 1 << 20;

    /** What should be the same before and after. */
    private record State(long descriptors, double directMib, double residentMib, double inUse, double held) {}

    @Override
    public List<Table> ask(Lab lab, Effort effort) throws PeersException {
        List<Table> tables = new ArrayList<>(many(lab, effort));
        tables.add(atOnce(lab));
        return tables;
    }

    private static List<Table> many(Lab lab, Effort effort) throws PeersException {
        Peer ours = new Peers(lab.options()).oursSmall("ours-soaked", PORT, HOLD_DOWN, PORTS, "auto");
        lab.startWarm(List.of(ours));
        rest();
        State before = state(lab, ours);
        lab.say("soak: " + effort.flows() + " connections");
        lab.server().ask(WorkOrder.plain(WorkOrder.Kind.RECORD));
        WorkResult result = lab.clients()
                .ask(WorkOrder.shortFlows(ours.via(), ours.target(), FLOWS, AT_MOST)
                        .withLimit(effort.flows())
                        .withEnding(WorkOrder.Ending.CLIENT));
        rest();
        State after = state(lab, ours);
        WorkResult seen = lab.server().ask(WorkOrder.plain(WorkOrder.Kind.TELL));
        lab.stop(ours);
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("connections", (double) result.done());
        figures.put("failed", (double) result.failures());
        figures.put("live twice", seen.figure(Figure.DUPLICATES));
        figures.put("least gap ms", PeersReport.rounded(seen.figure(Figure.LEAST_GAP_MILLIS)));
        return List.of(
                new Table(
                        Part.SOAK.label(),
                        "short connections through one proxy, hold-down " + HOLD_DOWN + "; the client closes first",
                        Optional.empty(),
                        List.of(Row.once(
                                ours.name(), figures, result.failed().isEmpty() ? "" : "failed: " + result.failed()))),
                new Table(
                        Part.SOAK.label(),
                        "its process before them, and " + REST.toSeconds() + " s after",
                        Optional.empty(),
                        List.of(row("before", before), row("after", after))));
    }

    private static State state(Lab lab, Peer ours) throws PeersException {
        Metrics metrics = Metrics.read(lab, PORT);
        return new State(
                ProcessorTime.descriptors(lab.pid(ours)),
                metrics.sum("jvm_buffer_memory_used_bytes", "direct").orElse(0) / BYTES_PER_MIB,
                ProcessorTime.residentKib(lab.pid(ours)) / KIB_PER_MIB,
                metrics.sum("cgn_pool_ports", "state=\"in_use\"").orElse(-1),
                metrics.sum("cgn_pool_ports", "state=\"held\"").orElse(-1));
    }

    /** Until what was closed is closed everywhere, and no port rests any more. */
    private static void rest() {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(REST.toMillis()));
    }

    private static Table atOnce(Lab lab) throws PeersException {
        Peers peers = new Peers(lab.options());
        List<Row> rows = new ArrayList<>();
        rows.add(atOnce(lab, peers, LIMITED_PORT, "" + LIMIT));
        rows.add(atOnce(lab, peers, UNLIMITED_PORT, "auto"));
        return new Table(
                Part.SOAK.label(),
                "flows at a time in one process, by limits.sessions; one more is asked for through SOCKS",
                Optional.empty(),
                rows);
    }

    private static Row atOnce(Lab lab, Peers peers, int port, String sessions) throws PeersException {
        lab.say("soak: limits.sessions " + sessions);
        Peer ours = peers.oursSmall("sessions-" + sessions, port, "0s", PORTS, sessions);
        lab.start(ours);
        Peer socks = Peers.socks(ours, port);
        // The first refusals end it: every further try would be refused too.
        WorkResult held = lab.clients().ask(WorkOrder.hold(socks.via(), List.of(Lab.TARGET), LIMIT, LIMIT));
        WorkResult further = lab.clients()
                .ask(WorkOrder.hold(
                        socks.via(), List.of(Lab.TARGET), TOO_MANY, held.done() < LIMIT ? 1 : TOO_MANY - LIMIT));
        WorkResult alive = lab.clients().ask(WorkOrder.plain(WorkOrder.Kind.CHECK));
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("stand", (double) further.done());
        figures.put("echo", (double) alive.done());
        figures.put("refused", (double) further.failures());
        figures.put("descriptors", (double) ProcessorTime.descriptors(lab.pid(ours)));
        lab.clients().ask(WorkOrder.plain(WorkOrder.Kind.RELEASE));
        lab.stop(ours);
        return Row.once(sessions, figures, "further ones: " + further.failed());
    }

    private static Row row(String name, State state) {
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("descriptors", (double) state.descriptors());
        figures.put("direct MiB", PeersReport.rounded(state.directMib()));
        figures.put("resident MiB", PeersReport.rounded(state.residentMib()));
        figures.put("ports in use", state.inUse());
        figures.put("ports held", state.held());
        return Row.once(name, figures, "");
    }
}
