package dev.cgnat.bench.size;

import dev.cgnat.core.config.PoolConfig;
import java.util.List;
import java.util.Optional;

/**
 * The smallest pool of one policy that refuses no more than was asked for.
 *
 * @param pool as it is proposed; where nothing suffices, the largest that was tried
 * @param found whether it does refuse no more
 * @param addresses of the pool
 * @param portsOfAnAddress of these, so many
 * @param refusal of the pool, from runs with seeds that the search had not used
 * @param smaller the pool one step smaller; empty if there is none
 * @param binding why a smaller one refuses more, or, if nothing was found, why the largest does
 * @param trial one run of the pool
 * @param analytic pairs that arithmetic asks for
 * @param sensitivities what else was tried, filled for the best proposal alone
 */
public record Proposal(
        AllocationPolicy policy,
        PoolConfig pool,
        boolean found,
        int addresses,
        int portsOfAnAddress,
        RefusalEstimate refusal,
        Optional<Smaller> smaller,
        String binding,
        Trial trial,
        int analytic,
        List<Sensitivity> sensitivities) {
    /**
     * The pool one step smaller, which refuses too much.
     *
     * @param refusal from the seeds of {@link Proposal#refusal}
     */
    public record Smaller(PoolConfig pool, RefusalEstimate refusal) {}

    /**
     * The same pool with one thing changed.
     *
     * @param knob the key of the configuration
     * @param value what it was changed to
     */
    public record Sensitivity(String knob, String value, RefusalEstimate refusal) {}

    public Proposal {
        sensitivities = List.copyOf(sensitivities);
    }

    /** (Address, port) pairs. */
    public long pairs() {
        return (long) addresses * portsOfAnAddress;
    }

    Proposal withSensitivities(List<Sensitivity> value) {
        return new Proposal(
                policy, pool, found, addresses, portsOfAnAddress, refusal, smaller, binding, trial, analytic, value);
    }
}
