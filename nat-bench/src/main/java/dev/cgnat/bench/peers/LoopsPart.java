package dev.cgnat.bench.peers;

import dev.cgnat.bench.peers.PeersReport.Table;
import dev.cgnat.bench.peers.work.WorkOrder;
import java.util.List;
import java.util.Optional;

/** The same work with two loops and no pinning: what threads cost one another. */
final class LoopsPart implements Part.Question {
    private static final int PORT = 9350;
    private static final int SHORT_FLOWS = 128;
    private static final int BULK_FLOWS = 16;
    private static final String REFERENCE = Peers.haproxyTwo().name();

    @Override
    public List<Table> ask(Lab lab, Effort effort) throws PeersException {
        Peer ours = new Peers(lab.options()).ours("ours-2-loops", 2, PORT);
        lab.startWarm(List.of(ours));
        List<Peer> peers =
                lab.wanted(Peers.direct(), ours, Peers.haproxyTwo(), Peers.nginx("nginx-2-workers", 2, 9312));
        lab.startInstalled(peers);
        lab.say("loops: short connections");
        Measurement cps = Measurement.of(
                lab,
                effort.repeats(),
                peers,
                peer -> WorkOrder.shortFlows(peer.via(), peer.target(), SHORT_FLOWS, effort.time()));
        lab.say("loops: bulk");
        Measurement bulk = Measurement.of(
                lab,
                effort.repeats(),
                peers,
                peer -> WorkOrder.bulk(false, peer.via(), peer.target(), BULK_FLOWS, effort.time()));
        peers.stream().filter(peer -> peer.listens().isPresent()).forEach(lab::stop);
        return List.of(
                new Table(
                        Part.LOOPS.label(),
                        "two loops, short connections through a forward",
                        Optional.of(REFERENCE),
                        peers.stream()
                                .map(peer -> cps.row(peer, Optional.of(REFERENCE), ShortPart.COLUMNS))
                                .toList()),
                new Table(
                        Part.LOOPS.label(),
                        "two loops, 16 flows down",
                        Optional.of(REFERENCE),
                        peers.stream()
                                .map(peer -> bulk.row(peer, Optional.of(REFERENCE), BulkPart.COLUMNS))
                                .toList()));
    }
}
