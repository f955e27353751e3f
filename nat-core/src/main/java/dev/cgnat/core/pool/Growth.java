package dev.cgnat.core.pool;

import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.config.PoolConfig;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Adds external addresses to a pool while flows live. <b>Ownership</b>: the pool's thread. */
final class Growth {
    private final Regions regions;
    private final Pairing pairing;
    private final SlotBook slots;
    private final BlockBook blocks;

    Growth(Regions regions, Pairing pairing, SlotBook slots, BlockBook blocks) {
        this.regions = regions;
        this.pairing = pairing;
        this.slots = slots;
        this.blocks = blocks;
    }

    /** Why the pool, which is {@code config} now, cannot have more; empty if it can. */
    Optional<String> obstacle(PoolConfig config) {
        if (!config.isPerAddress()) {
            return Optional.of("the port is drawn from all addresses at once");
        }
        if (config.deterministic().isPresent()) {
            return Optional.of("the shares of deterministic would move");
        }
        return config.allowsLegacy() && slots.ownership().isAnyActive()
                ? Optional.of("ports were taken on every address at once")
                : Optional.empty();
    }

    /**
     * What the pool, which is {@code config} now, is from now on. Costs O(addresses + parts of pairs + units).
     *
     * @throws IllegalArgumentException if {@code more} overlap those that there are
     * @throws IllegalStateException if {@link #obstacle} says why not
     */
    PoolConfig add(PoolConfig config, List<AddressRange> more) {
        obstacle(config).ifPresent(why -> {
            throw new IllegalStateException("addresses: " + why + " (expected: one that can be added to)");
        });
        PoolConfig grown = config.withAddresses(
                Stream.concat(config.addresses().stream(), more.stream()).toArray(AddressRange[]::new));
        regions.grow(grown.addresses());
        pairing.grow(regions.addressCount());
        slots.grew();
        blocks.blocks().ifPresent(lent -> lent.grow(regions.addressCount()));
        return grown;
    }
}
