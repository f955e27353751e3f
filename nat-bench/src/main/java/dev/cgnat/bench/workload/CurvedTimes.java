package dev.cgnat.bench.workload;

import dev.cgnat.bench.load.Arrivals;
import dev.cgnat.bench.workload.Behaviour.Curve;

/** The moments of a process whose clock runs faster where the curve is higher, so that its rate follows the curve exactly. */
final class CurvedTimes implements Arrivals.Times {
    private final Arrivals.Times even;
    private final double[] factors;
    private final double partNanos;
    /** Parts of the curve that are over, in all periods so far, and how far the process's own clock was at their end. */
    private long part;

    private double evenAtPart;

    CurvedTimes(Curve curve, Arrivals.Times even) {
        this.even = even;
        factors = curve.curve().stream().mapToDouble(Double::doubleValue).toArray();
        partNanos = (double) curve.period().toNanos() / factors.length;
    }

    @Override
    public long next() {
        double at = even.next();
        double ends = evenAtPart + factor() * partNanos;
        while (at >= ends) {
            part++;
            evenAtPart = ends;
            ends = evenAtPart + factor() * partNanos;
        }
        return Math.round(part * partNanos + (at - evenAtPart) / factor());
    }

    private double factor() {
        return factors[(int) (part % factors.length)];
    }
}
