package dev.cgnat.proxy.diagnose;

import java.util.List;

/**
 * When a pool will have no port left for a new flow.
 *
 * <p>Over a window of W seconds, A slots were taken and D came free again, be it at once or after their hold-down; so what is
 * not free, live and held together, grew by A - D. With P the pressure of the pool at the end and P₀ at the beginning of the
 * window, which is that sum over all slots:
 *
 * <pre>
 *   growth  g = (P - P₀) ÷ W
 *   seconds t = (1 - P) ÷ g      0 if P = 1, +Inf if g ≤ 0
 * </pre>
 *
 * <p>It says what a straight line says, no more: nothing of tonight's peak.
 */
final class Forecast {
    private Forecast() {}

    /** @param samples of one pool in their order; fewer than two tell nothing but that it is full */
    static double secondsToExhaustion(List<PoolSample> samples) {
        if (samples.isEmpty()) {
            return Double.POSITIVE_INFINITY;
        }
        PoolSample first = samples.get(0);
        PoolSample last = samples.get(samples.size() - 1);
        if (last.pressure() >= 1) {
            return 0;
        }
        double growth = (last.pressure() - first.pressure()) / ((last.atNanos() - first.atNanos()) / 1e9);
        return growth > 0 ? (1 - last.pressure()) / growth : Double.POSITIVE_INFINITY; // NaN of one sample is not > 0
    }
}
