package dev.cgnat.bench.peers;

import dev.cgnat.bench.load.Via;
import dev.cgnat.bench.peers.PeersReport.Row;
import dev.cgnat.bench.peers.PeersReport.Table;
import dev.cgnat.bench.peers.work.WorkOrder;
import dev.cgnat.bench.peers.work.WorkResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Whether a NAT finds the last free ports of 1,000, and how often each serves when there are five destinations. */
final class ExhaustionPart implements Part.Question {
    private static final int PORT = 9360;
    private static final int PORTS = 1_000;
    private static final int TRIES = 100;
    /** Enough for a search that finds the last port once in ten. */
    private static final long MOST_TRIES = 5L * PORTS;
    /** Of occupied ports: 95, 99 and 99.9 %. */
    private static final List<Integer> OCCUPIED = List.of(950, 990, 999);

    private static final Duration PAUSE = Duration.ofMillis(30);
    /** The kernel drops the SYN of a flow that finds no port; what has not connected by then is a failure. */
    private static final Duration PATIENCE = Duration.ofMillis(250);

    private static final Duration LONG_ENOUGH = Duration.ofMinutes(3);

    @Override
    public List<Table> ask(Lab lab, Effort effort) throws PeersException {
        Peer ours = new Peers(lab.options()).oursSmall("ours-1000", PORT, "0s");
        Peer haproxy = Peers.haproxySmall();
        List<Row> nearlyFull = new ArrayList<>();
        List<Row> destinations = new ArrayList<>();
        for (Peer peer : lab.wanted(ours, haproxy)) {
            if (!Lab.isInstalled(peer)) {
                nearlyFull.add(Row.missing(peer.name(), "not installed"));
                continue;
            }
            lab.start(peer);
            if (peer.isOurs()) {
                SmallPool pool = SmallPool.of(lab, Peers.socks(ours, PORT), List.of(Lab.TARGET));
                nearlyFull.add(nearlyFull(lab, pool.with(() -> count(lab, "cgn_pool_ports", "state=\"in_use\""))));
                destinations.add(destinations(lab, pool.to(Lab.TARGETS).with(() -> count(lab, "cgn_sessions", ""))));
            } else {
                nearlyFull.add(nearlyFull(lab, SmallPool.of(lab, peer, List.of(peer.target()))));
            }
            lab.stop(peer);
        }
        if (lab.isWanted(Peers.NFT)) {
            Optional<KernelNat> kernel = KernelNat.start(lab, Peers.FEW_PORTS);
            Row missing = Row.missing(Peers.NFT, "not installed");
            nearlyFull.add(kernel.isPresent() ? nearlyFull(lab, SmallPool.of(kernel.get())) : missing);
            destinations.add(kernel.isPresent() ? destinations(lab, SmallPool.of(kernel.get())) : missing);
        }
        return List.of(
                new Table(
                        Part.EXHAUSTION.label(),
                        "successes of 100 attempts, one at a time, when so much of 1,000 ports is taken",
                        Optional.empty(),
                        nearlyFull),
                new Table(
                        Part.EXHAUSTION.label(),
                        "five destinations on 1,000 ports: flows that stand, of 5,100 asked for",
                        Optional.empty(),
                        destinations));
    }

    private static OptionalLong count(Lab lab, String metric, String label) throws PeersException {
        OptionalDouble count = Metrics.read(lab, PORT).sum(metric, label);
        return count.isPresent() ? OptionalLong.of((long) count.getAsDouble()) : OptionalLong.empty();
    }

    private static Row nearlyFull(Lab lab, SmallPool pool) throws PeersException {
        lab.say("exhaustion: " + pool.name());
        Map<String, Double> figures = new LinkedHashMap<>();
        StringBuilder note = new StringBuilder();
        for (int occupied : OCCUPIED) {
            String column = "at " + occupied / 10.0 + " %";
            WorkResult held = pool.clients().ask(hold(pool.via(), pool.targets().subList(0, 1), occupied, MOST_TRIES));
            if (held.done() < occupied) {
                note.append(column + " only " + held.done() + " stood; ");
                continue;
            }
            WorkResult tried = pool.clients()
                    .ask(WorkOrder.shortFlows(pool.via(), pool.targets().get(0), 1, LONG_ENOUGH)
                            .withLimit(TRIES)
                            .withEnding(WorkOrder.Ending.CLIENT)
                            .withPatience(PAUSE, PATIENCE));
            figures.put(column, (double) tried.done());
        }
        OptionalLong counted = pool.ownCount().now();
        if (counted.isPresent()) {
            note.append("counts " + counted.getAsLong() + " itself");
        }
        pool.clients().ask(WorkOrder.plain(WorkOrder.Kind.RELEASE));
        return Row.once(pool.name(), figures, note.toString());
    }

    private static Row destinations(Lab lab, SmallPool pool) throws PeersException {
        int wished = pool.targets().size() * PORTS;
        lab.say("exhaustion: " + pool.targets().size() + " destinations, " + pool.name());
        pool.clients().ask(hold(pool.via(), pool.targets(), wished, 2L * wished));
        WorkResult more = pool.clients().ask(hold(pool.via(), pool.targets(), wished + TRIES, TRIES));
        OptionalLong counted = pool.ownCount().now();
        WorkResult alive = pool.clients().ask(WorkOrder.plain(WorkOrder.Kind.CHECK));
        pool.clients().ask(WorkOrder.plain(WorkOrder.Kind.RELEASE));
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("stand", (double) more.done());
        figures.put("echo", (double) alive.done());
        counted.ifPresent(count -> figures.put("counted by the NAT", (double) count));
        return Row.once(pool.name(), figures, more.failed().isEmpty() ? "" : "further ones: " + more.failed());
    }

    private static WorkOrder hold(Via via, List<String> targets, int flows, long tries) {
        return WorkOrder.hold(via, targets, flows, tries).withPatience(Duration.ZERO, PATIENCE);
    }
}
