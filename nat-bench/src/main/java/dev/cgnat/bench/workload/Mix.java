package dev.cgnat.bench.workload;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Shares of the constants of an enum.
 *
 * @param weights each more than 0; at least one; the constants that are left out have none
 */
public record Mix<E extends Enum<E>>(Map<E, Double> weights) {
    public Mix {
        if (weights.isEmpty()) {
            throw new IllegalArgumentException("weights: none (expected: at least one)");
        }
        weights.forEach((constant, weight) -> {
            if (!(weight > 0 && Double.isFinite(weight))) {
                throw new IllegalArgumentException(
                        "weights." + constant + ": " + weight + " (expected: a number above 0)");
            }
        });
        weights = Collections.unmodifiableMap(new EnumMap<>(weights)); // in the order of the enum
    }

    /** One constant. */
    public static <E extends Enum<E>> Mix<E> only(Class<E> type, E constant) {
        EnumMap<E, Double> weights = new EnumMap<>(type);
        weights.put(constant, 1.0);
        return new Mix<>(weights);
    }

    /** Draws constants. */
    Supplier<E> sampler(RandomGenerator random) {
        @SuppressWarnings("unchecked") // filled from the map alone
        E[] constants = (E[]) weights.keySet().toArray(new Enum<?>[0]);
        if (constants.length == 1) {
            E only = constants[0];
            return () -> only;
        }
        double[] upTo =
                weights.values().stream().mapToDouble(Double::doubleValue).toArray();
        for (int i = 1; i < upTo.length; i++) {
            upTo[i] += upTo[i - 1];
        }
        double sum = upTo[upTo.length - 1];
        return () -> {
            double at = random.nextDouble() * sum;
            int i = 0;
            while (i < upTo.length - 1 && at >= upTo[i]) {
                i++;
            }
            return constants[i];
        };
    }
}
