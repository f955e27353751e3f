package dev.cgnat.bench.peers;

import dev.cgnat.bench.peers.Measurement.Column;
import dev.cgnat.bench.peers.PeersReport.Row;
import dev.cgnat.bench.peers.PeersReport.Table;
import dev.cgnat.bench.peers.work.WorkOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How many short connections a second of a peer's processor time carries, and what each asks of the kernel. */
final class ShortPart implements Part.Question {
    private static final int PORT = 9340;
    private static final int FLOWS = 64;
    private static final Duration TRACED = Duration.ofMillis(1_500);
    static final List<Column> COLUMNS = List.of(
            new Column("conn/CPU-s", Sample::donePerProcessorSecond),
            new Column("CPU µs/conn", Sample::processorMicrosEach),
            new Column("conn/s", Sample::donePerSecond));

    @Override
    public List<Table> ask(Lab lab, Effort effort) throws PeersException {
        Peer ours = startOurs(lab);
        Peer oursSocks = Peers.socks(ours, PORT);
        return List.of(
                table(
                        lab,
                        effort,
                        "short connections through a forward; the server closes first",
                        Peers.HAPROXY,
                        lab.wanted(Peers.direct(), ours, Peers.haproxy(), Peers.nginx())),
                table(
                        lab,
                        effort,
                        "short connections through SOCKS5; the server closes first",
                        Peers.MICROSOCKS,
                        lab.wanted(oursSocks, Peers.microsocks(), Peers.dante())));
    }

    /** Our proxy on one loop, warm: the same process for every part that needs no other. */
    static Peer startOurs(Lab lab) throws PeersException {
        Peer ours = new Peers(lab.options()).ours(Peers.OURS, 1, PORT);
        lab.startWarm(List.of(ours, Peers.socks(ours, PORT)));
        return ours;
    }

    private static Table table(Lab lab, Effort effort, String title, String reference, List<Peer> peers)
            throws PeersException {
        lab.startInstalled(peers);
        lab.say("cps: " + title);
        Measurement measured = Measurement.of(lab, effort.repeats(), peers, peer -> order(peer, effort.time()));
        List<Row> rows = new ArrayList<>();
        for (Peer peer : peers) {
            Row row = measured.row(peer, Optional.of(reference), COLUMNS);
            rows.add(row.samples() == 0 ? row : traced(lab, peer, row));
        }
        return new Table(Part.CPS.label(), title, Optional.of(reference), rows);
    }

    private static Row traced(Lab lab, Peer peer, Row row) throws PeersException {
        long[] operations = {0};
        Optional<SystemCalls> calls =
                lab.systemCalls(peer, order(peer, TRACED), done -> operations[0] = Math.max(1, done));
        if (calls.isEmpty()) {
            return row;
        }
        Row more = row.with("calls/conn", (double) calls.get().total() / operations[0]);
        String most = calls.get().most(operations[0]);
        return more.withNote(row.note().map(note -> note + "; " + most).orElse(most));
    }

    static WorkOrder order(Peer peer, Duration time) {
        return WorkOrder.shortFlows(peer.via(), peer.target(), FLOWS, time);
    }
}
