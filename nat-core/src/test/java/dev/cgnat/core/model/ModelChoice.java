package dev.cgnat.core.model;

import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.Subscriber;
import dev.cgnat.core.config.AddressChoice;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Whether the external address of a grant is the one that the policy asks for. */
final class ModelChoice {
    private final ModelPool pool;
    private final PairTable table;
    /** Where the hash of a subscriber points; learned when nothing stood in its way. */
    private final Map<Subscriber, Integer> hashes = new HashMap<>();

    private int last = -1;

    ModelChoice(ModelPool pool) {
        this.pool = pool;
        table = pool.table;
    }

    /** Whether the flow's address is chosen, as it is not that of a pairing, a formula or a draw over all. */
    boolean isChosen(Subscriber subscriber, IpAddress address) {
        boolean isLeastLoaded = pool.config.pooling().chooseAddress() == AddressChoice.LEAST_LOADED;
        if (pool.shares.isPresent() || (pool.isHostScope() && !(pool.isPairing() && isLeastLoaded))) {
            return false; // in scope host the port is drawn first, and taken on all addresses alike
        }
        Optional<IpAddress> kept = pool.isPairing() ? pool.pairing.addressOf(subscriber, pool.now) : Optional.empty();
        return pool.isPairing()
                ? kept.isEmpty() || (!pool.isHostScope() && !kept.get().equals(address))
                : pool.config.isPerAddress() && pool.config.blocks().isEmpty();
    }

    /**
     * Books that {@code subscriber} was given {@code address}; false if one that comes before it was passed over though
     * {@code certain}, the pairs that were free beyond doubt, has a pair there.
     */
    boolean chose(Subscriber subscriber, IpAddress address, BitSet certain) {
        int chosen = table.addresses.indexOf(address);
        BitSet addresses = new BitSet();
        certain.stream().forEach(pair -> addresses.set(table.addressOf(pair)));
        addresses.clear(chosen);
        return switch (pool.config.pooling().chooseAddress()) {
            case LEAST_LOADED -> addresses.stream().noneMatch(other -> load(other) < load(chosen));
            case FILL_FIRST -> addresses.stream().noneMatch(other -> other < chosen);
            case ROUND_ROBIN -> {
                int from = last + 1;
                last = chosen;
                yield isFirstFrom(from, chosen, addresses);
            }
            case HASH -> {
                if (addresses.cardinality() == table.addresses.size() - 1) {
                    hashes.putIfAbsent(subscriber, chosen);
                }
                Integer from = hashes.get(subscriber);
                yield from == null || isFirstFrom(from, chosen, addresses);
            }
        };
    }

    private boolean isFirstFrom(int from, int chosen, BitSet others) {
        int count = table.addresses.size();
        int distance = Math.floorMod(chosen - from, count);
        return others.stream().noneMatch(other -> Math.floorMod(other - from, count) < distance);
    }

    private int load(int address) {
        return pool.pairing.load(table.addresses.get(address), pool.now);
    }
}
