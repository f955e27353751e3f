package dev.cgnat.bench.size;

import dev.cgnat.bench.size.Proposal.Smaller;
import dev.cgnat.core.Refusal;
import dev.cgnat.core.config.LimitConfig;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.PortBlockConfig;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.LongStream;

/**
 * Finds the smallest pool that refuses no more than a share of the flows.
 *
 * <pre>
 *   arithmetic ──► first guess ──► search: one run a pool, the same seed ──► confirmation: several runs, fresh seeds
 *                                                                              │ not shown ──► one step larger
 *                                                                              └ one step smaller suffices too ──► that
 * </pre>
 *
 * <p>Arithmetic is Erlang's formula for pure loss, with the hold-down as part of the lifetime, towards the busiest
 * destination where ports are reused for others; of recorded flows it is their busiest moment. It knows nothing of pairing and
 * blocks; the runs do.
 *
 * <p><b>Ownership</b>: one thread; trials may run on several. <b>Costs</b>: about 12 to 20 runs a policy.
 */
public final class Sizer {
    /** Blocks that are tried where the configuration has none, ascending. */
    static final List<Integer> BLOCK_SIZES = List.of(128, 512, 2048);

    private static final int MOST_MOVES = 8;
    /** If twice the pool refuses more than so much of what the smaller one did, and grants less than so much: size is not it. */
    private static final double NO_HELP = 0.9;

    private static final double HELP = 1.5;
    private static final int MOST_IN_VAIN = 2;
    /** Refusals at the limit of a subscriber may be so much of what is allowed, as no address cures them. */
    private static final double SHARE_OF_LIMITS = 0.25;

    private final Trials trials;
    private final Goal goal;
    private final Consumer<String> progress;

    /**
     * What is wanted.
     *
     * @param target the share of flows that may be refused, more than 0, less than 1
     * @param runs that confirm a pool, at least 2
     * @param seed of the search; the runs that confirm have those that follow
     */
    public record Goal(double target, int runs, long seed) {
        public Goal {
            if (!(target > 0 && target < 1)) {
                throw new IllegalArgumentException(
                        "target-refusal: " + target + " (expected: more than 0, less than 1)");
            }
            if (runs < 2) {
                throw new IllegalArgumentException("runs: " + runs + " (expected: at least 2)");
            }
        }
    }

    /** @param progress told in a few words what is tried next */
    public Sizer(Trials trials, Goal goal, Consumer<String> progress) {
        this.trials = trials;
        this.goal = goal;
        this.progress = progress;
    }

    /**
     * The smallest pool of {@code policy}.
     *
     * @param base the configuration whose ports, hold-down and limits are kept
     * @throws IllegalArgumentException if the policy cannot serve such subscribers
     */
    public Proposal size(AllocationPolicy policy, PoolConfig base, LimitConfig limits, Clientele clientele) {
        PoolConfig pool = policy.applied(base, clientele);
        int analytic = clientele.guess().applyAsInt(pool);
        if (policy != AllocationPolicy.BLOCKS || base.blocks().isPresent()) {
            return search(policy, pool, limits, analytic);
        }
        List<Proposal> candidates = new ArrayList<>();
        for (int size : BLOCK_SIZES) {
            if (size > pool.usablePorts()) {
                break;
            }
            PortBlockConfig blocks =
                    new PortBlockConfig(size, 1, pool.blocks().orElseThrow().grow());
            candidates.add(
                    search(policy, withEnoughBlocks(pool, blocks, limits, clientele.subscribers()), limits, analytic));
        }
        return candidates.stream()
                .min(Comparator.comparing((Proposal candidate) -> !candidate.found())
                        .thenComparing(Proposal::pairs)
                        .thenComparing(candidate -> -size(candidate.pool()))) // larger blocks are fewer lines of log
                .orElseThrow();
    }

    /** The same pool with one key changed at a time. */
    public Proposal explored(Proposal proposal, LimitConfig limits) {
        List<Proposal.Sensitivity> tried = new ArrayList<>();
        for (PoolKnobs.Change change : PoolKnobs.of(proposal.pool())) {
            progress.accept(proposal.policy().key() + ": " + change.knob() + " " + change.value());
            tried.add(new Proposal.Sensitivity(
                    change.knob(), change.value(), confirm(change.pool(), limits, goal.runs())));
        }
        return proposal.withSensitivities(tried);
    }

    private static int size(PoolConfig pool) {
        return pool.blocks().map(PortBlockConfig::size).orElse(0);
    }

    /** With the fewest blocks per subscriber with which hardly anybody needs more, whatever the number of addresses. */
    private PoolConfig withEnoughBlocks(PoolConfig pool, PortBlockConfig blocks, LimitConfig limits, int subscribers) {
        int most = Math.max(1, pool.usablePorts() / blocks.size());
        int fails = 0;
        int enough = 1;
        while (enough < most && !suffices(pool, blocks, enough, limits, subscribers)) {
            fails = enough;
            enough = Math.min(most, enough * 2);
        }
        while (enough - fails > 1) {
            int middle = (fails + enough) >>> 1;
            if (suffices(pool, blocks, middle, limits, subscribers)) {
                enough = middle;
            } else {
                fails = middle;
            }
        }
        return pool.withBlocks(new PortBlockConfig(blocks.size(), enough, blocks.grow()));
    }

    private boolean suffices(PoolConfig pool, PortBlockConfig blocks, int count, LimitConfig limits, int subscribers) {
        progress.accept("blocks of " + blocks.size() + ": " + count + " for each subscriber");
        PoolConfig tried = pool.withBlocks(new PortBlockConfig(blocks.size(), count, blocks.grow()));
        PoolLadder ladder = new PoolLadder(tried);
        PoolConfig ample = ladder.at(ladder.rungFor(1.5 * subscribers * count * blocks.size()));
        Trial trial = trials.run(new NatConfig(List.of(ample), limits), goal.seed());
        long limited = trial.refused().getOrDefault(Refusal.BLOCK_LIMIT.label(), 0L);
        return limited <= SHARE_OF_LIMITS * goal.target() * trial.offered();
    }

    private Proposal search(AllocationPolicy policy, PoolConfig pool, LimitConfig limits, int analytic) {
        PoolLadder ladder = new PoolLadder(pool);
        int bottom = ladder.bottom();
        int fails = bottom - 1;
        int passes = Math.max(bottom, ladder.rungFor(analytic));
        double before = 1;
        int inVain = 0;
        while (true) {
            double refusal = refusal(policy, ladder, passes, limits);
            if (refusal <= goal.target()) {
                break;
            }
            inVain = refusal > NO_HELP * before && 1 - refusal < HELP * (1 - before) ? inVain + 1 : 0;
            before = refusal;
            fails = passes;
            if (inVain == MOST_IN_VAIN || passes == ladder.top()) {
                RefusalEstimate tight = confirm(ladder.at(fails), limits, 2);
                return proposal(policy, ladder, fails, false, tight, Optional.empty(), tight, limits, analytic);
            }
            passes = Math.max(passes + 1, ladder.rungFor(2.0 * ladder.pairs(passes)));
        }
        int stride = 1;
        while (fails < bottom && passes > bottom) { // the guess was enough: down, in growing steps
            int lower = Math.max(bottom, passes - stride);
            if (passes(policy, ladder, lower, limits)) {
                passes = lower;
                stride *= 2;
            } else {
                fails = lower;
            }
        }
        while (passes - fails > 1) {
            int middle = (fails + passes) >>> 1;
            if (passes(policy, ladder, middle, limits)) {
                passes = middle;
            } else {
                fails = middle;
            }
        }
        return confirmed(policy, ladder, passes, limits, analytic);
    }

    /** Up until it is shown to suffice, or down while one step less is. */
    private Proposal confirmed(AllocationPolicy policy, PoolLadder ladder, int from, LimitConfig limits, int analytic) {
        int rung = from;
        RefusalEstimate refusal = confirm(policy, ladder, rung, limits);
        Optional<Smaller> smaller = Optional.empty();
        boolean goesUp = !refusal.meets(goal.target());
        for (int move = 0; move < MOST_MOVES; move++) {
            if (goesUp && !refusal.meets(goal.target()) && rung < ladder.top()) {
                smaller = Optional.of(new Smaller(ladder.at(rung), refusal));
                rung++;
                refusal = confirm(policy, ladder, rung, limits);
            } else if (!goesUp && rung > ladder.bottom()) {
                RefusalEstimate less = confirm(policy, ladder, rung - 1, limits);
                if (!less.meets(goal.target())) {
                    smaller = Optional.of(new Smaller(ladder.at(rung - 1), less));
                    break;
                }
                refusal = less;
                rung--;
            } else {
                break;
            }
        }
        return proposal(
                policy,
                ladder,
                rung,
                refusal.meets(goal.target()),
                refusal,
                smaller,
                smaller.map(Smaller::refusal).orElse(refusal),
                limits,
                analytic);
    }

    private Proposal proposal(
            AllocationPolicy policy,
            PoolLadder ladder,
            int rung,
            boolean found,
            RefusalEstimate refusal,
            Optional<Smaller> smaller,
            RefusalEstimate tight,
            LimitConfig limits,
            int analytic) {
        Trial trial = trials.run(new NatConfig(List.of(ladder.at(rung)), limits), goal.seed());
        return new Proposal(
                policy,
                ladder.at(rung),
                found,
                ladder.addresses(rung),
                ladder.portsOfAnAddress(rung),
                refusal,
                smaller,
                Constraints.of(tight.mainReason(), ladder.at(rung), trial),
                trial,
                analytic,
                List.of());
    }

    private boolean passes(AllocationPolicy policy, PoolLadder ladder, int rung, LimitConfig limits) {
        return refusal(policy, ladder, rung, limits) <= goal.target();
    }

    private double refusal(AllocationPolicy policy, PoolLadder ladder, int rung, LimitConfig limits) {
        say(policy, ladder, rung, "1 run");
        return trials.run(new NatConfig(List.of(ladder.at(rung)), limits), goal.seed())
                .refusal();
    }

    private RefusalEstimate confirm(AllocationPolicy policy, PoolLadder ladder, int rung, LimitConfig limits) {
        say(policy, ladder, rung, goal.runs() + " runs");
        return confirm(ladder.at(rung), limits, goal.runs());
    }

    private RefusalEstimate confirm(PoolConfig pool, LimitConfig limits, int runs) {
        NatConfig config = new NatConfig(List.of(pool), limits);
        return trials.estimate(LongStream.rangeClosed(1, runs)
                .parallel()
                .mapToObj(run -> trials.run(config, goal.seed() + run))
                .toList());
    }

    private void say(AllocationPolicy policy, PoolLadder ladder, int rung, String how) {
        progress.accept(policy.key() + ": " + ladder.addresses(rung) + " × " + ladder.portsOfAnAddress(rung)
                + " ports, " + how);
    }
}
