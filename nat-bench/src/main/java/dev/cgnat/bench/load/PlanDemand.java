package dev.cgnat.bench.load;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** The flows of a {@link LoadPlan}: independent of one another, and of what becomes of them. */
final class PlanDemand implements Demand {
    private static final String RANDOM = "L64X128MixRandom";

    private final LoadPlan plan;
    private final int subscribers;
    private final Arrivals.Times times;
    // Streams of their own: more hold times drawn would otherwise move the arrivals of the same seed.
    private final RandomGenerator holds;
    private final RandomGenerator choices;
    private long nextNanos;
    private long taken;

    PlanDemand(LoadPlan plan, int subscribers) {
        this.plan = plan;
        this.subscribers = subscribers;
        times = plan.arrivals().times(plan.ratePerSecond(), random(plan, 0));
        holds = random(plan, 1);
        choices = random(plan, 2);
        nextNanos = times.next();
    }

    private static RandomGenerator random(LoadPlan plan, int stream) {
        return RandomGeneratorFactory.of(RANDOM).create(plan.seed() * 31 + stream);
    }

    @Override
    public long nextNanos() {
        return nextNanos;
    }

    @Override
    public Flow take() {
        int target = (int) (taken++ % plan.targets().size());
        nextNanos = times.next();
        return new Flow(
                choices.nextInt(subscribers),
                plan.targets().get(target),
                plan.hold().sampleNanos(holds),
                plan.close(),
                0,
                0);
    }
}
