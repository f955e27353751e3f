package dev.cgnat.bench.peers;

import dev.cgnat.bench.peers.PeersReport.Row;
import dev.cgnat.bench.peers.PeersReport.Table;
import dev.cgnat.bench.peers.work.WorkOrder;
import dev.cgnat.bench.peers.work.WorkResult;
import dev.cgnat.bench.peers.work.WorkResult.Figure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Short connections through 1,000 ports, as fast as they go: how soon is a 4-tuple used again? */
final class ChurnPart implements Part.Question {
    private static final int PORT = 9380;
    private static final int RESTING_PORT = 9390;
    private static final int FLOWS = 64;

    @Override
    public List<Table> ask(Lab lab, Effort effort) throws PeersException {
        Peers peers = new Peers(lab.options());
        List<Row> rows = new ArrayList<>();
        for (Peer peer : lab.wanted(
                peers.oursSmall("ours-churned", PORT, "0s"),
                peers.oursSmall("ours-hold-down-5s", RESTING_PORT, "5s"),
                Peers.haproxySmall())) {
            if (Lab.isInstalled(peer)) {
                lab.start(peer);
                rows.add(row(lab, effort, SmallPool.of(lab, peer, List.of(peer.target()))));
                lab.stop(peer);
            } else {
                rows.add(Row.missing(peer.name(), "not installed"));
            }
        }
        if (lab.isWanted(Peers.NFT)) {
            Optional<KernelNat> kernel = KernelNat.start(lab, Peers.FEW_PORTS);
            rows.add(
                    kernel.isPresent()
                            ? row(lab, effort, SmallPool.of(kernel.get()))
                            : Row.missing(Peers.NFT, "not installed"));
        }
        return List.of(new Table(
                Part.CHURN.label(),
                "short connections through 1,000 ports for " + effort.churn().toSeconds()
                        + " s, 64 at a time; the client closes first",
                Optional.empty(),
                rows));
    }

    private static Row row(Lab lab, Effort effort, SmallPool pool) throws PeersException {
        lab.say("churn: " + pool.name());
        pool.server().ask(WorkOrder.plain(WorkOrder.Kind.RECORD));
        WorkResult result = pool.clients()
                .ask(WorkOrder.shortFlows(pool.via(), pool.targets().get(0), FLOWS, effort.churn())
                        .withEnding(WorkOrder.Ending.CLIENT));
        WorkResult seen = pool.server().ask(WorkOrder.plain(WorkOrder.Kind.TELL));
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("granted/s", PeersReport.rounded(result.done() / result.seconds()));
        figures.put("granted", (double) result.done());
        figures.put("failed", (double) result.failures());
        figures.put("4-tuples", seen.figure(Figure.TUPLES));
        if (seen.figures().containsKey(Figure.LEAST_GAP_MILLIS)) {
            figures.put("least gap ms", PeersReport.rounded(seen.figure(Figure.LEAST_GAP_MILLIS)));
        }
        figures.put("live twice", seen.figure(Figure.DUPLICATES));
        return Row.once(pool.name(), figures, result.failed().isEmpty() ? "" : "failed: " + result.failed());
    }
}
