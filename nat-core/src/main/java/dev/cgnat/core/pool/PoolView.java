package dev.cgnat.core.pool;

import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.PortRange;
import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.address.Subscriber;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.Pooling;
import dev.cgnat.core.port.PairUse;
import java.util.Optional;
import java.util.OptionalInt;

/** What a pool lends at one moment, address by address and block by block. Changes nothing. <b>Ownership</b>: the pool's thread. */
public final class PoolView {
    private final PoolConfig config;
    private final Regions regions;
    private final Barred barred;
    private final SlotBook slots;
    private final Pairing pairing;
    private final Optional<Blocks> blocks;

    PoolView(
            PoolConfig config,
            Regions regions,
            Barred barred,
            SlotBook slots,
            Pairing pairing,
            Optional<Blocks> blocks) {
        this.config = config;
        this.regions = regions;
        this.barred = barred;
        this.slots = slots;
        this.pairing = pairing;
        this.blocks = blocks;
    }

    /** What becomes of one (address, port) pair. */
    public enum PairState {
        IN_USE,
        HELD,
        RESERVED,
        FREE,
        NOT_LENT
    }

    /** A block that is lent; the times are the pool's. */
    public record LentBlock(
            int number,
            IpAddress address,
            PortRange ports,
            Subscriber subscriber,
            int live,
            int resting,
            long sinceNanos) {}

    public int addressCount() {
        return regions.addressCount();
    }

    public IpAddress address(int index) {
        return regions.address(index);
    }

    public boolean isDisabled(int address) {
        return barred.isDisabled(address);
    }

    /**
     * The pairs of that address, where addresses are told apart; those that are excluded are reserved. Costs O(ports of an address)
     * at most, less where parts of 4,096 pairs are unused.
     */
    public Optional<PoolTotals.Pairs> pairs(Protocol protocol, int address) {
        if (regions.isHostScope()) {
            return Optional.empty();
        }
        int first = address * regions.portCount();
        PairUse.Counts counts = slots.pairs(protocol).counts(first, first + regions.portCount() - 1);
        int excluded = regions.excludedPairs() / regions.addressCount();
        return Optional.of(new PoolTotals.Pairs(
                regions.portCount() + excluded, counts.inUse(), counts.held(), counts.reserved() + excluded));
    }

    /** Subscribers that keep that address; empty if the pool does not pair. */
    public OptionalInt subscribers(int address) {
        return config.pooling().behaviour() == Pooling.PAIRED
                ? OptionalInt.of(pairing.subscribersOf(address))
                : OptionalInt.empty();
    }

    /** Blocks of each address, 0 if ports are not lent in blocks. */
    public int blocksPerAddress() {
        return regions.blocksPerAddress();
    }

    /** Blocks of that address that are lent. */
    public int lentBlocks(int address) {
        return blocks.map(lent -> lent.lent(address)).orElse(0);
    }

    /** The block of that number, empty if it is not lent. */
    public Optional<LentBlock> block(int number) {
        return blocks.filter(all -> all.isLent(number))
                .flatMap(all -> all.find(number))
                .map(block -> new LentBlock(
                        number,
                        regions.address(number / regions.blocksPerAddress()),
                        regions.portsOfBlock(number),
                        block.subscriber(),
                        block.live(),
                        block.resting(),
                        block.sinceNanos()));
    }

    /** The lent block that {@code external} is of. */
    public Optional<LentBlock> blockOf(Endpoint external) {
        int pair = regions.countedPair(external);
        if (pair < 0 || blocks.isEmpty()) {
            return Optional.empty();
        }
        OptionalInt number = regions.blockOf(regions.regionOf(pair));
        return number.isPresent() ? block(number.getAsInt()) : Optional.empty();
    }

    public int blocksOf(Subscriber subscriber) {
        return blocks.map(lent -> lent.of(subscriber).size()).orElse(0);
    }

    public PairState state(Protocol protocol, Endpoint external) {
        int pair = regions.countedPair(external);
        if (pair < 0) {
            return config.lends(external.address()) && isExcluded(external) ? PairState.RESERVED : PairState.NOT_LENT;
        }
        PairUse use = slots.pairs(protocol);
        if (use.isCarrying(pair)) {
            return use.isResting(pair) ? PairState.HELD : PairState.IN_USE;
        }
        boolean isDisabled = barred.isDisabled(regions.indexOf(external.address()));
        return isDisabled || use.isSetAside(pair) || barred.contains(protocol, pair)
                ? PairState.RESERVED
                : PairState.FREE;
    }

    private boolean isExcluded(Endpoint external) {
        return config.excludePorts().stream().anyMatch(range -> range.contains(external.port()));
    }
}
