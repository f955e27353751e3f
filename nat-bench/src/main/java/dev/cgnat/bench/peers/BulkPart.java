package dev.cgnat.bench.peers;

import dev.cgnat.bench.peers.Measurement.Column;
import dev.cgnat.bench.peers.PeersReport.Row;
import dev.cgnat.bench.peers.PeersReport.Table;
import dev.cgnat.bench.peers.work.WorkOrder;
import dev.cgnat.bench.peers.work.WorkResult.Figure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How many bytes a second of a peer's processor time moves, and how evenly many flows share them. */
final class BulkPart implements Part.Question {
    private static final int MANY = 16;
    static final List<Column> COLUMNS = List.of(
            new Column("GB/CPU-s", Sample::gigabytesPerProcessorSecond),
            new Column("Gbit/s", Sample::gigabitsPerSecond));
    private static final Column FAIRNESS =
            new Column("slowest/fastest", sample -> sample.result().figure(Figure.FAIRNESS));

    @Override
    public List<Table> ask(Lab lab, Effort effort) throws PeersException {
        Peer ours = ShortPart.startOurs(lab);
        List<Peer> peers = lab.wanted(Peers.direct(), ours, Peers.haproxy(), Peers.haproxyTuned(), Peers.nginx());
        lab.startInstalled(peers);
        List<Table> tables = new ArrayList<>();
        for (int flows : new int[] {1, MANY}) {
            for (boolean isUp : new boolean[] {false, true}) {
                tables.add(table(lab, effort, peers, flows, isUp));
            }
        }
        return tables;
    }

    private static Table table(Lab lab, Effort effort, List<Peer> peers, int flows, boolean isUp)
            throws PeersException {
        String title = flows + (flows == 1 ? " flow " : " flows ") + (isUp ? "up" : "down");
        lab.say("bulk: " + title);
        Measurement measured = Measurement.of(
                lab,
                effort.repeats(),
                peers,
                peer -> WorkOrder.bulk(isUp, peer.via(), peer.target(), flows, effort.time()));
        List<Column> columns = new ArrayList<>(COLUMNS);
        if (flows > 1) {
            columns.add(FAIRNESS);
        }
        Optional<String> reference = Optional.of(Peers.HAPROXY);
        List<Row> rows = peers.stream()
                .map(peer -> measured.row(peer, reference, columns))
                .toList();
        return new Table(Part.BULK.label(), title, reference, rows);
    }
}
