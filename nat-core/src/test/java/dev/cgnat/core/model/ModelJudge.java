package dev.cgnat.core.model;

import dev.cgnat.core.FlowRequest;
import dev.cgnat.core.Refusal;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.config.AddressChoice;
import dev.cgnat.core.config.ClientClass;
import dev.cgnat.core.config.LimitConfig;
import dev.cgnat.core.config.PairedOverflow;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.PortSelection;
import dev.cgnat.core.config.ReuseScope;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;

/**
 * Says what may become of a flow, by trying every pair.
 *
 * <p>{@code at} is the time for which it is told: {@link #BEFORE_EXPIRY} as if nothing that is due were free yet, now, or a
 * later time if nothing but rests ended until then.
 */
final class ModelJudge {
    static final long BEFORE_EXPIRY = -1;

    private static final Set<PortSelection> INEXACT = EnumSet.of(
            PortSelection.RFC6056_2,
            PortSelection.RFC6056_5,
            PortSelection.LINUX_NF,
            PortSelection.VPP,
            PortSelection.CILIUM,
            PortSelection.CILIUM_128);

    private final ModelPool pool;
    private final PoolConfig config;
    private final PairTable table;
    private final LimitConfig limits;

    ModelJudge(ModelPool pool, LimitConfig limits) {
        this.pool = pool;
        config = pool.config;
        table = pool.table;
        this.limits = limits;
    }

    /** What may become of {@code request} now, its subscriber's limits aside. */
    Verdict judge(FlowRequest request) {
        Verdict verdict = place(request, pool.now);
        if (verdict.isHeldOrExhausted()) {
            return pool.isTimeExact(request) ? exactTime(request) : boundOfTime(request);
        }
        return !verdict.pairs().isEmpty() && INEXACT.contains(config.selection().selection())
                ? verdict.orRefused(Refusal.SEARCH_GAVE_UP)
                : verdict;
    }

    /** Where {@code request} may be placed at that time; not told apart are HELD and EXHAUSTED. */
    Verdict place(FlowRequest request, long at) {
        Optional<ModelMapping> joined = pool.mappingFor(request, at);
        if (joined.isPresent()) {
            return join(request, joined.get(), at);
        }
        if (pool.isAllDisabled()) {
            return Verdict.refused(Refusal.EXHAUSTED);
        }
        if (pool.shares.isPresent()) {
            return onShare(request, at);
        }
        if (config.blocks().isPresent()) {
            return inBlocks(request, at);
        }
        return config.isPerAddress() ? onAddresses(request, at) : anywhere(request, at);
    }

    private Verdict join(FlowRequest request, ModelMapping mapping, long at) {
        Endpoint destination = request.destination();
        int pair = table.pairOf(mapping.external);
        if (isDestinationFull(request, table.addressOf(pair), at)) {
            return Verdict.refused(Refusal.DESTINATION_LIMIT);
        }
        if (mapping.external.equals(destination) || mapping.live.contains(destination)) {
            return Verdict.refused(Refusal.EXHAUSTED);
        }
        long restEnd = mapping.restEnd(destination);
        if (restEnd > at) {
            return Verdict.held(restEnd, restEnd);
        }
        BitSet pairs = new BitSet();
        pairs.set(pair);
        return Verdict.granted(pairs);
    }

    private Verdict anywhere(FlowRequest request, long at) {
        if (isDestinationFullEverywhere(request, at)) {
            return Verdict.refused(Refusal.DESTINATION_LIMIT);
        }
        BitSet legal = legal(request, at, pair -> true);
        return legal.isEmpty() ? Verdict.heldOrExhausted() : Verdict.granted(legal);
    }

    /** On the kept address if there is one, else on any. */
    private Verdict onAddresses(FlowRequest request, long at) {
        BitSet legal = legal(request, at, pair -> true);
        BitSet withinLimit = without(legal, address -> isDestinationFull(request, address, at));
        Optional<IpAddress> kept = pool.keptAddress(request.subscriber());
        if (kept.isEmpty()) {
            return chosen(request, at, legal, withinLimit);
        }
        int home = table.addresses.indexOf(kept.get());
        BitSet atHome = without(withinLimit, address -> address != home);
        if (!atHome.isEmpty()) {
            return Verdict.granted(maySpill(request, home) ? withinLimit : atHome);
        }
        boolean isHomeFull = isDestinationFull(request, home, at);
        if (config.pooling().overflow() == PairedOverflow.SPILL) {
            Verdict elsewhere = chosen(request, at, legal, withinLimit);
            return isHomeFull && elsewhere.mustBeRefused() ? Verdict.refused(Refusal.DESTINATION_LIMIT) : elsewhere;
        }
        if (isHomeFull) {
            return Verdict.refused(Refusal.DESTINATION_LIMIT);
        }
        return withinLimit.isEmpty() ? Verdict.heldOrExhausted() : Verdict.refused(Refusal.PAIRED_ADDRESS_FULL);
    }

    /** Whether nothing at home is free but what is due, which need not have been freed before a flow spills. */
    private boolean maySpill(FlowRequest request, int home) {
        return config.pooling().overflow() == PairedOverflow.SPILL
                && (isDestinationFull(request, home, BEFORE_EXPIRY)
                        || legal(request, BEFORE_EXPIRY, pair -> table.addressOf(pair) == home)
                                .isEmpty());
    }

    private Verdict chosen(FlowRequest request, long at, BitSet legal, BitSet withinLimit) {
        if (!withinLimit.isEmpty()) {
            return Verdict.granted(withinLimit);
        }
        boolean isFullEverywhere = true;
        for (int address = 0; address < table.addresses.size(); address++) {
            isFullEverywhere &= pool.disabled.get(address) || isDestinationFull(request, address, at);
        }
        return isFullEverywhere || !legal.isEmpty()
                ? Verdict.refused(Refusal.DESTINATION_LIMIT)
                : Verdict.heldOrExhausted();
    }

    private Verdict onShare(FlowRequest request, long at) {
        Optional<ModelShares.Share> share =
                pool.shares.orElseThrow().of(request.internal().address());
        if (share.isEmpty()) {
            return Verdict.refused(Refusal.BLOCK_LIMIT);
        }
        int home = share.get().address();
        if (pool.disabled.get(home)) {
            return Verdict.refused(Refusal.EXHAUSTED);
        }
        if (isDestinationFull(request, home, at)) {
            return Verdict.refused(Refusal.DESTINATION_LIMIT);
        }
        BitSet own = legal(request, at, pair -> share.get().has(table.addressOf(pair), table.portOf(pair)));
        own.or(legalInOwnBlocks(request, at));
        if (!own.isEmpty()) {
            return Verdict.granted(own);
        }
        if (config.blocks().isEmpty()) {
            return Verdict.heldOrExhausted();
        }
        if (hasAllItsBlocks(request, at)) {
            return Verdict.refused(Refusal.BLOCK_LIMIT);
        }
        BitSet free = without(legalInFreeBlocks(request, at), address -> address != home);
        return free.isEmpty() ? Verdict.heldOrExhausted() : Verdict.granted(free);
    }

    private Verdict inBlocks(FlowRequest request, long at) {
        Optional<IpAddress> kept = pool.keptAddress(request.subscriber());
        int home = table.addresses.indexOf(kept.orElse(Spot.ANYWHERE));
        if (home >= 0 && isDestinationFull(request, home, at)) {
            return Verdict.refused(Refusal.DESTINATION_LIMIT);
        }
        IntPredicate isBarred = address -> isDestinationFull(request, address, at);
        BitSet own = without(legalInOwnBlocks(request, at), isBarred);
        BitSet free = without(legalInFreeBlocks(request, at), isBarred);
        BitSet freeAtHome = without(free, address -> home >= 0 && address != home);
        boolean spills = config.pooling().overflow() == PairedOverflow.SPILL;
        BitSet usable = spills ? own : without(own, address -> home >= 0 && address != home);
        if (!usable.isEmpty()) {
            return Verdict.granted(usable);
        }
        if (hasAllItsBlocks(request, at)) {
            return Verdict.refused(Refusal.BLOCK_LIMIT);
        }
        if (!freeAtHome.isEmpty()) {
            return Verdict.granted(freeAtHome);
        }
        if (free.isEmpty()) {
            return Verdict.heldOrExhausted();
        }
        return spills ? Verdict.granted(free) : Verdict.refused(Refusal.PAIRED_ADDRESS_FULL);
    }

    private boolean hasAllItsBlocks(FlowRequest request, long at) {
        return pool.blocks.countOf(request.subscriber(), at, block -> !pool.disabled.get(pool.blocks.addressOf(block)))
                >= config.blocks().orElseThrow().maxPerSubscriber();
    }

    private BitSet legalInOwnBlocks(FlowRequest request, long at) {
        return legal(request, at, pair -> {
            int block = pool.blocks.blockOf(pair);
            return block >= 0 && pool.blocks.isOwnedBy(block, request.subscriber()) && !pool.blocks.isFree(block, at);
        });
    }

    private BitSet legalInFreeBlocks(FlowRequest request, long at) {
        return legal(request, at, pair -> {
            int block = pool.blocks.blockOf(pair);
            return block >= 0 && pool.blocks.isFree(block, at);
        });
    }

    private BitSet legal(FlowRequest request, long at, IntPredicate mayUse) {
        BitSet legal = new BitSet();
        Spot like = spot(request, 0);
        int own = table.pairOf(request.destination());
        for (int pair = 0; pair < table.pairs(); pair++) {
            boolean isBarred = pool.disabled.get(table.addressOf(pair))
                    || pool.reserved.contains(request.protocol(), pair)
                    || (like.isLegacy() && isReservedAnywhere(request.protocol(), pair));
            if (pair != own && !isBarred && mayUse.test(pair) && table.isFree(like, pair, at, pool.now)) {
                legal.set(pair);
            }
        }
        return legal;
    }

    private boolean isReservedAnywhere(Protocol protocol, int pair) {
        for (int other = table.portOf(pair); other < table.pairs(); other += table.ports.length) {
            if (pool.reserved.contains(protocol, other)) {
                return true;
            }
        }
        return false;
    }

    Spot spot(FlowRequest request, int pair) {
        return table.spot(
                request.protocol(),
                pair,
                request.destination(),
                pool.mappingOf(request),
                request.clientClass() == ClientClass.LEGACY);
    }

    private BitSet without(BitSet pairs, IntPredicate address) {
        BitSet rest = (BitSet) pairs.clone();
        for (int one = 0; one < table.addresses.size(); one++) {
            if (address.test(one)) {
                rest.clear(one * table.ports.length, (one + 1) * table.ports.length);
            }
        }
        return rest;
    }

    private boolean isDestinationFull(FlowRequest request, int address, long at) {
        return isDestinationFull(request, 1, at, table.addresses.get(address));
    }

    private boolean isDestinationFullEverywhere(FlowRequest request, long at) {
        int times = config.reuseScope() == ReuseScope.HOST ? 1 : table.addresses.size();
        return isDestinationFull(request, times, at, Spot.ANYWHERE);
    }

    private boolean isDestinationFull(FlowRequest request, int times, long at, IpAddress address) {
        if (limits.sessionsPerDestination() == LimitConfig.NONE && limits.portsPerDestination() == LimitConfig.NONE) {
            return false;
        }
        int live = pool.liveTo(request.protocol(), request.destination(), address);
        int rests = pool.restsTo(request.protocol(), request.destination(), address, at);
        return live >= (long) limits.sessionsPerDestination() * times
                || live + rests >= (long) limits.portsPerDestination() * times;
    }

    /** Where a flow takes no more than a slot of its unit, the first end of a rest there is exact. */
    private Verdict exactTime(FlowRequest request) {
        boolean isPairedApart = pool.isPairing() && !pool.isHostScope();
        Optional<IpAddress> kept = config.pooling().overflow() == PairedOverflow.REFUSE
                ? pool.keptAddress(request.subscriber())
                : Optional.empty();
        if (kept.isPresent()) {
            return heldUntil(firstRest(request, kept.get()));
        }
        boolean isAtFirstChoice = isPairedApart
                && config.pooling().overflow() == PairedOverflow.REFUSE
                && pool.keptAddress(request.subscriber()).isEmpty()
                && config.pooling().chooseAddress() != AddressChoice.LEAST_LOADED;
        if (!isAtFirstChoice) {
            return anyRest(request);
        }
        Verdict verdict = heldUntil(firstRest(request, table.addresses.get(0)));
        for (IpAddress address : table.addresses) {
            verdict = verdict.or(heldUntil(firstRest(request, address)));
        }
        return verdict;
    }

    /** That of any address; those where the destination has all that it may have need not count. */
    private Verdict anyRest(FlowRequest request) {
        long first = firstRest(request, Spot.ANYWHERE);
        if (!config.isPerAddress() || pool.shares.isPresent()) {
            return heldUntil(first);
        }
        long within = Use.OPEN_END;
        for (int address = 0; address < table.addresses.size(); address++) {
            if (!isDestinationFull(request, address, pool.now)) {
                within = Math.min(within, firstRest(request, table.addresses.get(address)));
            }
        }
        return heldUntil(first).or(heldUntil(within));
    }

    private static Verdict heldUntil(long restEnd) {
        return restEnd == Use.OPEN_END ? Verdict.refused(Refusal.EXHAUSTED) : Verdict.held(restEnd, restEnd);
    }

    private long firstRest(FlowRequest request, IpAddress address) {
        Spot spot = spot(request, 0);
        long[] first = {Use.OPEN_END};
        table.forEach(use -> {
            if (use.isResting(pool.now)
                    && use.spot.isOfSameUnit(spot)
                    && isInShare(request, use.spot)
                    && (pool.isHostScope() || !pool.disabled.get(use.spot.address()))
                    && (address.equals(Spot.ANYWHERE)
                            || table.addresses.get(use.spot.address()).equals(address))) {
                first[0] = Math.min(first[0], use.until);
            }
        });
        return first[0];
    }

    private boolean isInShare(FlowRequest request, Spot spot) {
        return pool.shares.isEmpty()
                || pool.shares
                        .get()
                        .of(request.internal().address())
                        .orElseThrow()
                        .has(spot.address(), spot.port());
    }

    /** When a rest or the end of a mapping alone will do, it must be HELD until then at most. */
    private Verdict boundOfTime(FlowRequest request) {
        TreeSet<Long> ends = new TreeSet<>();
        table.forEach(use -> {
            boolean mayHelp =
                    use.spot.protocol() == request.protocol() || config.blocks().isPresent();
            if (mayHelp && use.isResting(pool.now)) {
                ends.add(use.until);
            }
        });
        if (ends.isEmpty()) {
            return Verdict.refused(Refusal.EXHAUSTED);
        }
        for (long end : ends) {
            if (!place(request, end).pairs().isEmpty()) {
                return Verdict.held(pool.now + 1, end);
            }
        }
        Verdict either = Verdict.heldOrExhausted();
        return new Verdict(either.pairs(), either.reasons(), pool.now + 1, Use.OPEN_END - 1);
    }
}
