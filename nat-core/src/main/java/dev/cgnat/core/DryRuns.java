package dev.cgnat.core;

import dev.cgnat.core.DryRun.Step;
import dev.cgnat.core.DryRun.Verdict;
import dev.cgnat.core.Outcome.Refused;
import dev.cgnat.core.config.Mapping;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.Pooling;
import dev.cgnat.core.pool.Look;
import dev.cgnat.core.pool.Pool;
import dev.cgnat.core.pool.Prospect;
import dev.cgnat.core.pool.Shortage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Goes the way of {@link Nat#open} without changing anything. <b>Ownership</b>: one thread. */
final class DryRuns {
    private static final Explanation ADMITTED = Explanation.outside();

    private final Limits limits;

    DryRuns(Limits limits) {
        this.limits = limits;
    }

    DryRun of(PoolDesk desk, FlowRequest request, long nowNanos) {
        Pool pool = desk.pool();
        List<Step> steps = new ArrayList<>(limits.steps(request, pool, nowNanos));
        Optional<Refused> limit = limits.reached(request, pool, nowNanos);
        if (limit.isPresent()) {
            return refused(Verdict.REFUSED, limit.get(), steps);
        }
        Prospect prospect = pool.prospect(request);
        addSteps(steps, request, pool, prospect);
        if (prospect.shortage().isEmpty()) {
            return prospect.mayGiveUp()
                    ? new DryRun(
                            Verdict.GRANTED_IF_FOUND,
                            Optional.of(Refusal.SEARCH_GAVE_UP),
                            Refused.NEVER,
                            Explanation.ofLimit(Explanation.Remedy.EXACT_SELECTION, 0),
                            steps)
                    : new DryRun(Verdict.GRANTED, Optional.empty(), Refused.NEVER, ADMITTED, steps);
        }
        Refused refused = Refusals.of(prospect.shortage().get(), pool.config());
        boolean waits = refused.reason().mayWait() && !desk.waitingRoom().isFull();
        return refused(waits ? Verdict.QUEUED : Verdict.REFUSED, refused, steps);
    }

    private static DryRun refused(Verdict verdict, Refused refused, List<Step> steps) {
        return new DryRun(verdict, Optional.of(refused.reason()), refused.notBeforeNanos(), refused.why(), steps);
    }

    private static void addSteps(List<Step> steps, FlowRequest request, Pool pool, Prospect prospect) {
        PoolConfig config = pool.config();
        Mapping behaviour = request.mappingIn(config);
        if (behaviour != Mapping.ADDRESS_AND_PORT_DEPENDENT) {
            steps.add(new DryRun.MappingStep(
                    behaviour, prospect.mapping(), prospect.shortage().isEmpty()));
        }
        if (prospect.mapping().isPresent()) {
            return;
        }
        if (config.pooling().behaviour() == Pooling.PAIRED
                && config.deterministic().isEmpty()) {
            steps.add(new DryRun.PairingStep(pool.pairedAddress(request.subscriber())));
        }
        config.blocks()
                .ifPresent(blocks -> steps.add(
                        new DryRun.BlocksStep(pool.blocksOf(request.subscriber()), blocks.maxPerSubscriber())));
        for (Look look : prospect.looks()) {
            steps.add(new DryRun.SlotsStep(
                    Refusals.address(look.addressIndex(), config),
                    look.ports(),
                    look.isNew(),
                    look.slots(),
                    look.live(),
                    look.held(),
                    look.legal(),
                    look.limit()));
        }
        prospect.shortage().map(Shortage::cause).ifPresent(cause -> {
            switch (cause) {
                case ADDRESS_DISABLED -> steps.add(new DryRun.NoteStep("every address for it is disabled"));
                case NOT_INSIDE -> steps.add(new DryRun.NoteStep("not within deterministic.inside"));
                case PAIRED_ADDRESS_FULL -> steps.add(new DryRun.NoteStep("another address has a free slot"));
                default -> {}
            }
        });
    }
}
