package dev.cgnat.bench.peers;

import dev.cgnat.bench.peers.PeersReport.Row;
import dev.cgnat.bench.peers.PeersReport.Table;
import dev.cgnat.bench.peers.work.WorkOrder;
import dev.cgnat.bench.peers.work.WorkResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** How much more memory a peer's processes have with thousands of idle flows than without. */
final class MemoryPart implements Part.Question {
    private static final int PORT = 9370;
    /** Two descriptors each, under the 20,000 that a process often may have. */
    private static final int FLOWS = 9_000;

    private static final double KIB_PER_MIB = 1024;

    @Override
    public List<Table> ask(Lab lab, Effort effort) throws PeersException {
        Peer ours = new Peers(lab.options()).ours("ours-idle", 1, PORT);
        Peer oursSocks = Peers.socks(ours, PORT);
        lab.startWarm(List.of(ours, oursSocks)); // afresh: what an earlier part has left behind is no flow's memory
        List<Row> rows = new ArrayList<>();
        for (Peer peer : lab.wanted(ours, Peers.haproxy(), Peers.nginx(), Peers.dante())) {
            if (Lab.isInstalled(peer)) {
                lab.say("memory: " + peer.name());
                lab.start(peer);
                rows.add(row(lab, peer));
            } else {
                rows.add(Row.missing(peer.name(), "not installed"));
            }
        }
        lab.stop(ours);
        OptionalDouble reference = rows.stream()
                .filter(row -> row.peer().equals(Peers.HAPROXY) && row.samples() > 0)
                .mapToDouble(row -> row.figures().values().iterator().next())
                .findFirst();
        return List.of(new Table(
                Part.MEMORY.label(),
                "idle flows, resident memory of the peer's processes",
                Optional.of(Peers.HAPROXY),
                rows.stream().map(row -> compared(row, reference)).toList()));
    }

    private static Row row(Lab lab, Peer peer) throws PeersException {
        long before = ProcessorTime.residentKib(lab.pid(peer));
        WorkResult held = lab.clients().ask(WorkOrder.hold(peer.via(), List.of(peer.target()), FLOWS, FLOWS));
        long after = ProcessorTime.residentKib(lab.pid(peer));
        lab.clients().ask(WorkOrder.plain(WorkOrder.Kind.RELEASE));
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("KiB/flow", PeersReport.rounded((double) (after - before) / Math.max(1, held.done())));
        figures.put("flows", (double) held.done());
        figures.put("MiB before", PeersReport.rounded(before / KIB_PER_MIB));
        figures.put("MiB with", PeersReport.rounded(after / KIB_PER_MIB));
        return Row.once(peer.name(), figures, held.failed().isEmpty() ? "" : "failed: " + held.failed());
    }

    private static Row compared(Row row, OptionalDouble reference) {
        OptionalDouble ratio = row.samples() == 0 || reference.orElse(0) == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(
                        PeersReport.rounded(row.figures().values().iterator().next() / reference.getAsDouble()));
        return row.comparedBy(ratio);
    }
}
