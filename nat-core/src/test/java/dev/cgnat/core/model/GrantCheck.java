package dev.cgnat.core.model;

import dev.cgnat.core.Binding;
import dev.cgnat.core.FlowRequest;
import dev.cgnat.core.PortBlock;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.config.BlockGrowth;
import dev.cgnat.core.config.PortBlockConfig;
import dev.cgnat.core.config.PortPreference;
import java.util.BitSet;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.IntPredicate;
import java.util.function.ToLongFunction;

/** What is wrong with a grant, before it is booked; each answer is empty if nothing is. */
final class GrantCheck {
    private final ModelPool pool;
    private final ModelJudge judge;
    private final ModelChoice choice;
    private int blocksJustLent;

    GrantCheck(ModelPool pool, ModelJudge judge) {
        this.pool = pool;
        this.judge = judge;
        choice = new ModelChoice(pool);
    }

    /**
     * A block is lent for a flow that is to be granted with it.
     *
     * @param ticket that of the flow if it waited, else {@link Long#MAX_VALUE}
     */
    String lent(PortBlock block, FlowRequest request, long ticket) {
        int number = pool.blocks.blockOf(block);
        if (number < 0 || !pool.blocks.isFree(number, pool.now) || pool.blocks.isLent(number)) {
            return "no free block ";
        }
        if (!block.subscriber().equals(request.subscriber())) {
            return "a block for another ";
        }
        if (isOvertaking(ticket, (waiter, pair) -> pool.blocks.blockOf(pair) == number)) {
            return "somebody who waits for a block was overtaken ";
        }
        if (blocksJustLent == 0) {
            BitSet certain = judge.place(request, ModelJudge.BEFORE_EXPIRY).pairs();
            if (certain.stream().anyMatch(pair -> isOwn(pair, request))) {
                return "a block though there was a port ";
            }
        }
        pool.blocks.lend(number, block.subscriber());
        blocksJustLent++;
        return "";
    }

    /** A block that was lent is given back unused, as it had no legal port after all. */
    void lentInVain() {
        blocksJustLent = Math.max(0, blocksJustLent - 1);
    }

    private boolean isOwn(int pair, FlowRequest request) {
        int block = pool.blocks.blockOf(pair);
        return block < 0
                || (pool.blocks.isOwnedBy(block, request.subscriber()) && !pool.blocks.isFree(block, pool.now));
    }

    String granted(Binding binding, FlowRequest request, long ticket) {
        int pair = pool.table.pairOf(binding.external());
        if (pair < 0 || !judge.place(request, pool.now).pairs().get(pair)) {
            return "an illegal pair, not of " + judge.place(request, pool.now) + " ";
        }
        boolean isFromOldBlock = pool.blocks.blockOf(pair) >= 0 && blocksJustLent == 0;
        String wrongBlocks = blocksLent(request, pool.table.addressOf(pair));
        if (!wrongBlocks.isEmpty()) {
            return wrongBlocks;
        }
        Spot spot = judge.spot(request, pair);
        if (isOvertaking(ticket, (waiter, other) -> judge.spot(waiter, other).meets(spot))) {
            return "somebody was overtaken ";
        }
        if (pool.mappingFor(request, pool.now).isPresent()) {
            return "";
        }
        if (pool.isHostScope() && pool.isPairing() && !isFromKeptAddress(binding)) {
            return "not the paired address ";
        }
        BitSet certain = judge.place(request, ModelJudge.BEFORE_EXPIRY).pairs();
        if (!isPreferred(binding, certain)) {
            return "not the preferred port ";
        }
        IpAddress address = binding.external().address();
        if (pool.isHostScope()) { // the port comes first
            certain.stream()
                    .filter(other -> pool.table.portOf(other) != pool.table.portOf(pair))
                    .forEach(certain::clear);
        }
        boolean isWrong = !isFromOldBlock
                && choice.isChosen(binding.subscriber(), address)
                && !choice.chose(binding.subscriber(), address, certain);
        return isWrong ? "not the address that comes first " : "";
    }

    /** In scope host, where only the destination itself is reason for another address. */
    private boolean isFromKeptAddress(Binding binding) {
        Optional<IpAddress> kept = pool.pairing.addressOf(binding.subscriber(), pool.now);
        return kept.isEmpty()
                || kept.get().equals(binding.external().address())
                || binding.destination()
                        .equals(new Endpoint(kept.get(), binding.external().port()));
    }

    /** As many blocks as the growth asks for were lent just before, or none as none was needed. */
    private String blocksLent(FlowRequest request, int address) {
        int lent = blocksJustLent;
        blocksJustLent = 0;
        if (lent == 0 || pool.config.blocks().isEmpty()) {
            return "";
        }
        PortBlockConfig rules = pool.config.blocks().get();
        IntPredicate counts = block -> !pool.disabled.get(pool.blocks.addressOf(block));
        int most = pool.blocks.countOf(request.subscriber(), ModelJudge.BEFORE_EXPIRY, counts) - lent;
        int least = pool.blocks.countOf(request.subscriber(), pool.now, counts) - lent;
        boolean isAnyAddress = pool.shares.isEmpty() && !pool.isPairing();
        ToLongFunction<Long> free = at -> pool.blocks.count(block -> counts.test(block)
                && pool.blocks.isFree(block, at)
                && (isAnyAddress || pool.blocks.addressOf(block) == address));
        boolean isDouble = rules.grow() == BlockGrowth.DOUBLE;
        for (int has = least; has <= most; has++) {
            int wanted = Math.min(isDouble ? Math.max(1, has) : 1, rules.maxPerSubscriber() - has);
            if (lent == wanted || (lent < wanted && free.applyAsLong(ModelJudge.BEFORE_EXPIRY) == 0)) {
                return "";
            }
        }
        return lent + " blocks for one who has " + least + " ";
    }

    private boolean isPreferred(Binding binding, BitSet certain) {
        int own = binding.internal().port();
        int port = binding.external().port();
        IntPredicate wish = switch (pool.config.selection().prefer()) {
            case NONE -> any -> true;
            case SAME_PORT -> one -> one == own;
            case PARITY -> one -> one % 2 == own % 2;
        };
        boolean isOneAddress =
                pool.config.isPerAddress() && pool.config.blocks().isEmpty();
        IntPredicate isInRegion = pair -> !isOneAddress
                || pool.table.external(pair).address().equals(binding.external().address());
        long wished = certain.stream()
                .filter(isInRegion)
                .filter(pair -> wish.test(pool.table.external(pair).port()))
                .count();
        // where a port is there on several addresses, none of them is asked for
        boolean isSure =
                pool.config.selection().prefer() == PortPreference.PARITY || isOneAddress || pool.isHostScope();
        return wish.test(port) || wished == 0 || !isSure;
    }

    /** Whether one that waits for longer could have had one of these pairs. */
    private boolean isOvertaking(long ticket, BiPredicate<FlowRequest, Integer> isTheSame) {
        return pool.waiting.stream()
                .anyMatch(waiter -> waiter.ticket() < ticket
                        && judge.place(waiter.request(), pool.now).pairs().stream()
                                .anyMatch(pair -> isTheSame.test(waiter.request(), pair)));
    }
}
