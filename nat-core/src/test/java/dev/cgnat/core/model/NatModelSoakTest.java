package dev.cgnat.core.model;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;

/**
 * {@link NatModelTest} for as long as one likes:
 * {@code mvn -pl nat-core test -Dtest=NatModelSoakTest -Dcgnat.model.operations=100000000 -Dcgnat.model.from-seed=1}.
 *
 * <p>With {@code -Dcgnat.model.addresses-come-and-go=true} addresses are disabled and enabled, and endpoints reserved, meanwhile.
 *
 * <p>It ends after the seed with which that many operations are done, and says which seed comes next.
 */
class NatModelSoakTest {
    private static final int STEPS = 1_000;
    private static final int SEEDS_PER_LINE = 500;

    @Test
    void agreesWithTheModelForManyOperations() {
        long wanted = Long.getLong("cgnat.model.operations", 0);
        assumeTrue(wanted > 0, "runs with -Dcgnat.model.operations=NUMBER only");
        long firstSeed = Long.getLong("cgnat.model.from-seed", 1);
        boolean comeAndGo = Boolean.getBoolean("cgnat.model.addresses-come-and-go");
        long begin = System.nanoTime();
        long operations = 0;
        for (long seed = firstSeed; operations < wanted; seed++) {
            for (Family family : Family.values()) {
                OperationRun run = comeAndGo
                        ? OperationRun.withAddressesThatComeAndGo(family, seed)
                        : new OperationRun(family, seed, event -> {});
                run.steps(STEPS);
                operations += STEPS;
            }
            if (operations >= wanted || (seed - firstSeed + 1) % SEEDS_PER_LINE == 0) {
                System.out.printf(
                        "seeds %d to %d: %,d operations in %d s; next -Dcgnat.model.from-seed=%d%n",
                        firstSeed, seed, operations, (System.nanoTime() - begin) / 1_000_000_000L, seed + 1);
            }
        }
    }
}
