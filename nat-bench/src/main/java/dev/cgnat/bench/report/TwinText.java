package dev.cgnat.bench.report;

import dev.cgnat.bench.report.RunReport.Sample;
import dev.cgnat.bench.report.TwinReport.Distance;
import java.util.List;
import java.util.Locale;

/** A {@link TwinReport} for a terminal: the run over sockets, the totals side by side, and both curves on one chart. */
final class TwinText {
    private static final int COLUMNS = 58;
    /** Of longer runs the sample of each stretch where the curves are farthest apart. */
    private static final int ROWS = 40;

    private final TwinReport report;
    private final StringBuilder text = new StringBuilder();

    TwinText(TwinReport report) {
        this.report = report;
    }

    String text() {
        text.append(report.run().text()).append('\n');
        Distance distance = report.distance();
        row("%-14s%12s%12s%10s%n", "", "sockets", "simulated", "apart");
        totals(
                "granted",
                report.run().totals().granted(),
                report.simulated().totals().granted(),
                distance.granted());
        totals(
                "refused",
                report.run().totals().refusedTotal(),
                report.simulated().totals().refusedTotal(),
                distance.refused());
        row(
                "%-14s%s%n",
                "pool use",
                String.format(
                        Locale.ROOT,
                        "at most %s of the pool's ports apart, at %s; %s on average",
                        Numbers.percent(distance.ports()),
                        Numbers.seconds(distance.portsAtSeconds()),
                        Numbers.percent(distance.meanPorts())));
        row("%-14s%s%n", "decision log", report.decisions().text());
        chart();
        return text.toString();
    }

    private void totals(String name, long sockets, long simulated, double apart) {
        row("%-14s%,12d%,12d%10s%n", name, sockets, simulated, Numbers.percent(apart));
    }

    private void chart() {
        int pool = report.run().capacity().ports();
        List<Double> curve = report.distance().curve();
        if (curve.isEmpty()) {
            return;
        }
        row(
                "%n%8s%9s%11s%9s  in use and held, of %,d: o sockets, + simulated, X both%n",
                "time", "sockets", "simulated", "apart", pool);
        int every = (curve.size() + ROWS - 1) / ROWS;
        for (int from = 0; from < curve.size(); from += every) {
            int shown = from;
            for (int i = from; i < Math.min(from + every, curve.size()); i++) {
                shown = curve.get(i) > curve.get(shown) ? i : shown;
            }
            Sample sockets = report.run().samples().get(shown);
            Sample simulated = report.simulated().samples().get(shown);
            row(
                    "%8s%,9d%,11d%9s  |%s|%n",
                    Numbers.seconds(sockets.atSeconds()),
                    TwinReport.taken(sockets),
                    TwinReport.taken(simulated),
                    Numbers.percent(curve.get(shown)),
                    bar(TwinReport.taken(sockets), TwinReport.taken(simulated), pool));
        }
    }

    private static String bar(int sockets, int simulated, int pool) {
        char[] bar = new char[COLUMNS + 1];
        int first = column(sockets, pool);
        int second = column(simulated, pool);
        for (int i = 0; i < bar.length; i++) {
            bar[i] = i == first && i == second ? 'X' : i == first ? 'o' : i == second ? '+' : ' ';
        }
        return new String(bar);
    }

    private static int column(int ports, int pool) {
        return pool == 0 ? 0 : (int) Math.round((double) ports / pool * COLUMNS);
    }

    private void row(String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values));
    }
}
