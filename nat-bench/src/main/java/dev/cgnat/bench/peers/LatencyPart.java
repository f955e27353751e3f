package dev.cgnat.bench.peers;

import dev.cgnat.bench.peers.Measurement.Column;
import dev.cgnat.bench.peers.PeersReport.Row;
import dev.cgnat.bench.peers.PeersReport.Table;
import dev.cgnat.bench.peers.work.WorkOrder;
import dev.cgnat.bench.peers.work.WorkResult.Figure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.BiFunction;

/** How much later an answer comes through a peer than without it, at a load that is far from its most. */
final class LatencyPart implements Part.Question {
    private static final int OPEN_FLOWS = 64;
    private static final double REQUESTS_PER_SECOND = 4_000;
    private static final double FRESH_PER_SECOND = 1_500;
    /** A 99th percentile wants more than a median does. */
    private static final int LONGER = 2;

    private static final List<Figure> FIGURES = List.of(Figure.P50_MICROS, Figure.P99_MICROS);

    @Override
    public List<Table> ask(Lab lab, Effort effort) throws PeersException {
        Peer ours = ShortPart.startOurs(lab);
        List<Peer> peers = lab.wanted(Peers.direct(), ours, Peers.haproxy(), Peers.nginx());
        lab.startInstalled(peers);
        List<Table> tables = new ArrayList<>();
        tables.addAll(tables(
                lab,
                effort,
                "requests on open connections, 4,000/s over 64",
                peers,
                (peer, time) -> WorkOrder.requests(peer.via(), peer.target(), OPEN_FLOWS, REQUESTS_PER_SECOND, time)));
        tables.addAll(tables(
                lab,
                effort,
                "fresh connections with one request, 1,500/s",
                peers,
                (peer, time) -> WorkOrder.freshFlows(peer.via(), peer.target(), FRESH_PER_SECOND, time)));
        return tables;
    }

    /** One table for each percentile: what is added is what ratios are of. */
    private static List<Table> tables(
            Lab lab, Effort effort, String title, List<Peer> peers, BiFunction<Peer, Duration, WorkOrder> order)
            throws PeersException {
        lab.say("latency: " + title);
        Duration time = effort.time().multipliedBy(LONGER);
        Measurement measured = Measurement.of(lab, effort.repeats(), peers, peer -> order.apply(peer, time));
        List<Table> tables = new ArrayList<>();
        for (Figure figure : FIGURES) {
            String percentile = figure == Figure.P50_MICROS ? "p50" : "p99";
            List<Row> rows = new ArrayList<>();
            for (Peer peer : peers) {
                Row row = measured.row(
                        peer,
                        Optional.empty(),
                        List.of(new Column(
                                percentile + " µs", sample -> sample.result().figure(figure))));
                rows.add(
                        peer.listens().isEmpty() || row.samples() == 0
                                ? row
                                : added(measured, row, figure, percentile));
            }
            tables.add(new Table(Part.LATENCY.label(), title + ", " + percentile, Optional.of(Peers.HAPROXY), rows));
        }
        return tables;
    }

    private static Row added(Measurement measured, Row row, Figure figure, String percentile) {
        double own = added(measured, row.peer(), figure).orElse(0);
        OptionalDouble other = added(measured, Peers.HAPROXY, figure);
        OptionalDouble ratio = other.orElse(0) > 0
                ? OptionalDouble.of(PeersReport.rounded(own / other.getAsDouble()))
                : OptionalDouble.empty();
        return row.comparedBy(ratio).with("added " + percentile + " µs", own);
    }

    private static OptionalDouble added(Measurement measured, String peer, Figure figure) {
        OptionalDouble through = measured.median(peer, sample -> sample.result().figure(figure));
        OptionalDouble without =
                measured.median(Peers.DIRECT, sample -> sample.result().figure(figure));
        return through.isPresent() && without.isPresent()
                ? OptionalDouble.of(through.getAsDouble() - without.getAsDouble())
                : OptionalDouble.empty();
    }
}
