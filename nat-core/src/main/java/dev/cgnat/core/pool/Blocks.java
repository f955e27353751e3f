package dev.cgnat.core.pool;

import dev.cgnat.core.address.Subscriber;
import dev.cgnat.core.config.BlockGrowth;
import dev.cgnat.core.config.PortBlockConfig;
import dev.cgnat.core.port.SlotTree;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Which port block is lent to whom (RFC 6888 REQ-14, RFC 7422).
 *
 * <p>A free block is drawn uniformly. A block goes back as soon as nothing lives or rests in it any more, and those that
 * were lent ahead of need and never used go back with the last one that was.
 *
 * <p><b>Ownership</b>: one thread. <b>Costs</b>: O(1), O(log n) among n blocks when the last flow of one ends; about 150 bytes
 * per lent block.
 */
final class Blocks {
    private static final List<Block> NONE = List.of();

    private final PortBlockConfig config;
    private final int perAddress;
    private final RandomGenerator random;
    private final Barred barred;
    private final Listener listener;
    private final LongSupplier clock;
    /** The blocks of each address, the free ones of which are drawn. */
    private SlotTree[] takenByAddress;

    private final Map<Integer, Block> lent = new HashMap<>();
    private final Map<Subscriber, List<Block>> bySubscriber = new HashMap<>();
    /** Blocks in which nothing lives, in the order in which they go back if nothing begins to. */
    private final TreeSet<Block> resting = new TreeSet<>(
            Comparator.comparingLong((Block block) -> block.restNanos).thenComparingInt(block -> block.number));

    private int free;
    private long allocated;
    private long released;

    /**
     * All blocks are free.
     *
     * @param perAddress blocks of each address, at least 1
     */
    Blocks(
            PortBlockConfig config,
            int addresses,
            int perAddress,
            RandomGenerator random,
            Barred barred,
            LongSupplier clock,
            Listener listener) {
        this.barred = barred;
        this.clock = clock;
        this.config = config;
        this.perAddress = perAddress;
        this.random = random;
        this.listener = listener;
        takenByAddress = new SlotTree[addresses];
        Arrays.setAll(takenByAddress, address -> new SlotTree(perAddress));
        free = addresses * perAddress;
    }

    /** Told of blocks as they are lent and given back. */
    interface Listener {
        void onAllocated(Subscriber subscriber, int block);

        /**
         * A block was given back.
         *
         * @param wasUsed false if it was lent ahead of need, so that nothing came free with it
         */
        void onReleased(Subscriber subscriber, int block, boolean wasUsed);
    }

    /** A block that is lent. */
    static final class Block {
        final int number;
        private final Subscriber subscriber;
        private final long sinceNanos;
        private int live;
        private int resting;
        private long restNanos;

        private Block(int number, Subscriber subscriber, long sinceNanos) {
            this.number = number;
            this.subscriber = subscriber;
            this.sinceNanos = sinceNanos;
        }

        Subscriber subscriber() {
            return subscriber;
        }

        /** When it was lent. */
        long sinceNanos() {
            return sinceNanos;
        }

        /** Slots of it on which a flow lives. */
        int live() {
            return live;
        }

        /** Slots of it that rest. */
        int resting() {
            return resting;
        }
    }

    /** From now on there are that many addresses. */
    void grow(int addresses) {
        int old = takenByAddress.length;
        takenByAddress = Arrays.copyOf(takenByAddress, addresses);
        for (int address = old; address < addresses; address++) {
            takenByAddress[address] = new SlotTree(perAddress);
        }
        free += (addresses - old) * perAddress;
    }

    /** The block of that number if it is lent. */
    Optional<Block> find(int number) {
        return Optional.ofNullable(lent.get(number));
    }

    /** Whether that block is lent; cheaper than {@link #find}. */
    boolean isLent(int number) {
        return takenByAddress[number / perAddress].isUsed(number % perAddress);
    }

    /** Blocks of {@code address} that are lent. */
    int lent(int address) {
        return takenByAddress[address].used();
    }

    /** The blocks of {@code subscriber}, in the order in which they were lent; it changes with the next call. */
    List<Block> of(Subscriber subscriber) {
        return bySubscriber.getOrDefault(subscriber, NONE);
    }

    /** As {@link #of}, without those at disabled addresses: they end with their flows, and take nothing from the limit. */
    List<Block> usable(Subscriber subscriber) {
        List<Block> blocks = of(subscriber);
        return barred.isAnyDisabled() ? blocks.stream().filter(this::isUsable).toList() : blocks;
    }

    private boolean isUsable(Block block) {
        return !barred.isDisabled(block.number / perAddress);
    }

    boolean isAtLimit(Subscriber subscriber) {
        return usable(subscriber).size() >= config.maxPerSubscriber();
    }

    int limit() {
        return config.maxPerSubscriber();
    }

    /** Whether {@code address} has a free block, any address if it is empty. */
    boolean hasFree(OptionalInt address) {
        return address.isPresent() ? free(address.getAsInt()) > 0 : freeAnywhere() > 0;
    }

    /** Whether an address other than that one has a free block that is {@code wanted}. Cost: O(A) if any will do. */
    boolean hasFreeElsewhere(int address, IntPredicate wanted) {
        for (int other = 0; other < takenByAddress.length; other++) {
            if (other != address && free(other) > 0 && hasFree(other, wanted)) {
                return true;
            }
        }
        return false;
    }

    /** Whether {@code address}, or any address if it is empty, has a free block that is {@code wanted}. Cost: O(blocks). */
    boolean anyFree(OptionalInt address, IntPredicate wanted) {
        for (int at = 0; at < takenByAddress.length; at++) {
            if (address.orElse(at) == at && free(at) > 0 && hasFree(at, wanted)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Takes a free block of {@code address}, any address if it is empty, each with the same probability; {@link #lend} or
     * {@link #putBack} must follow.
     */
    int take(OptionalInt address) {
        int at = address.orElseGet(this::addressOfAnyFree);
        free--;
        return at * perAddress + takenByAddress[at].claimUniform(random);
    }

    /** A block that was taken is lent to nobody. */
    void putBack(int number) {
        takenByAddress[number / perAddress].release(number % perAddress);
        free++;
    }

    /** Lends {@code number}, which was taken from {@code address}, and as many more as the subscriber's growth asks for. */
    void lend(Subscriber subscriber, int number, OptionalInt address) {
        int ahead = growth(subscriber) - 1;
        lend(subscriber, number);
        for (; ahead > 0 && hasFree(address); ahead--) {
            lend(subscriber, take(address));
        }
    }

    /** A slot of the block was taken. */
    void opened(int number) {
        Block block = get(number);
        if (block.live++ == 0) {
            resting.remove(block);
        }
    }

    /** A live slot of the block rests until then, or longer. */
    void laidToRest(int number, long untilNanos) {
        Block block = get(number);
        resting.remove(block);
        block.live--;
        block.resting++;
        block.restNanos = Math.max(block.restNanos, untilNanos);
        if (block.live == 0) {
            resting.add(block);
        }
    }

    /** A resting slot of the block lives again. */
    void revived(int number) {
        opened(number);
        get(number).resting--;
    }

    /** A live slot of the block is free. */
    void closed(int number) {
        Block block = get(number);
        block.live--;
        if (block.live == 0 && block.resting > 0) {
            resting.add(block);
        }
        tidy(block);
    }

    /** A resting slot of the block is free. */
    void rested(int number) {
        Block block = get(number);
        block.resting--;
        tidy(block);
    }

    /** Takes unused blocks back if the subscriber uses none. */
    private void tidy(Subscriber subscriber) {
        List<Block> blocks = of(subscriber);
        for (Block block : blocks) {
            if (block.live + block.resting > 0) {
                return;
            }
        }
        List.copyOf(blocks).forEach(block -> takeBack(block, false));
    }

    private void tidy(Block block) {
        if (block.live + block.resting == 0) {
            takeBack(block, true);
            tidy(block.subscriber);
        }
    }

    private void takeBack(Block block, boolean wasUsed) {
        resting.remove(block);
        lent.remove(block.number);
        putBack(block.number);
        bySubscriber.computeIfPresent(block.subscriber, (subscriber, blocks) -> {
            blocks.remove(block);
            return blocks.isEmpty() ? null : blocks;
        });
        released++;
        listener.onReleased(block.subscriber, block.number, wasUsed);
    }

    /** When the first block goes back in which nothing lives, {@link Long#MAX_VALUE} if there is none. */
    long nextReturnNanos() {
        if (barred.isAnyDisabled()) {
            return resting.stream()
                    .filter(this::isUsable)
                    .findFirst()
                    .map(block -> block.restNanos)
                    .orElse(Long.MAX_VALUE);
        }
        return resting.isEmpty() ? Long.MAX_VALUE : resting.first().restNanos;
    }

    /** Blocks that are lent or may be: those of disabled addresses that are not lent do not count. */
    int total() {
        return lent.size() + freeAnywhere();
    }

    /** Blocks that are lent and do not only rest; those lent ahead of need are among them. */
    int inUse() {
        return lent.size() - resting.size();
    }

    /** Blocks in which something rests and nothing lives. */
    int held() {
        return resting.size();
    }

    long allocated() {
        return allocated;
    }

    long released() {
        return released;
    }

    private boolean hasFree(int address, IntPredicate wanted) {
        for (int block = 0; block < perAddress; block++) {
            if (!takenByAddress[address].isUsed(block) && wanted.test(address * perAddress + block)) {
                return true;
            }
        }
        return false;
    }

    /** Blocks of {@code address} that may be lent. */
    private int free(int address) {
        return barred.isDisabled(address) ? 0 : perAddress - takenByAddress[address].used();
    }

    private int freeAnywhere() {
        if (!barred.isAnyDisabled()) {
            return free;
        }
        int sum = 0;
        for (int address = 0; address < takenByAddress.length; address++) {
            sum += free(address);
        }
        return sum;
    }

    private int addressOfAnyFree() {
        int rank = random.nextInt(freeAnywhere());
        int address = 0;
        while (rank >= free(address)) {
            rank -= free(address);
            address++;
        }
        return address;
    }

    private int growth(Subscriber subscriber) {
        int has = usable(subscriber).size();
        int wanted = config.grow() == BlockGrowth.DOUBLE ? Math.max(has, 1) : 1;
        return Math.min(wanted, config.maxPerSubscriber() - has);
    }

    private void lend(Subscriber subscriber, int number) {
        Block block = new Block(number, subscriber, clock.getAsLong());
        lent.put(number, block);
        bySubscriber.computeIfAbsent(subscriber, missing -> new ArrayList<>()).add(block);
        allocated++;
        listener.onAllocated(subscriber, number);
    }

    private Block get(int number) {
        return Objects.requireNonNull(lent.get(number));
    }
}
