package dev.cgnat.core.pool;

import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.port.PairUse;
import dev.cgnat.core.port.PortSpace;
import dev.cgnat.core.port.UnitKey;
import java.util.function.IntPredicate;
import java.util.stream.Stream;

/**
 * Keeps pairs that one owner has for itself apart from pairs that several destinations share.
 *
 * <pre>
 *                        owned by                             carried by
 *   per-destination use  endpoint-independent mappings        flows of any destination
 *   a Windows host       legacy sockets, on every address     scalable sockets, on any address
 * </pre>
 *
 * <p>For each region there is one unit of the owned slots and one of the carrying slots. They are disjoint, and so is the
 * owned unit from every unit of a destination, so a draw takes what is free in its own unit and in one other.
 *
 * <p>Nothing of this exists until somebody asks to own a pair. <b>Ownership</b>: one thread. <b>Costs</b>: O(1) per flow, in
 * a pool with legacy sockets O(A); the first owner costs O(pairs).
 */
final class Ownership {
    private static final Protocol[] PROTOCOLS = Protocol.values();

    private final PoolConfig config;
    private final Regions regions;
    private final Barred barred;
    private final PortSpace space;
    /** By number of the protocol, as what follows. */
    private final PairUse[] pairs;

    private final boolean[] isActive = new boolean[PROTOCOLS.length];

    Ownership(PoolConfig config, Regions regions, Barred barred, PortSpace space, PairUse[] pairs) {
        this.config = config;
        this.regions = regions;
        this.barred = barred;
        this.space = space;
        this.pairs = pairs;
    }

    /** Whether anything of that protocol has been owned yet. */
    boolean isActive(Protocol protocol) {
        return isActive[protocol.number()];
    }

    boolean isAnyActive() {
        return Stream.of(PROTOCOLS).anyMatch(this::isActive);
    }

    /** Begins to keep the two apart. */
    void activate(Protocol protocol) {
        if (!isActive(protocol)) {
            isActive[protocol.number()] = true;
            for (int pair = 0; pair < regions.pairs(); pair++) {
                if (isCarrying(protocol, pair)) {
                    carryingBegan(protocol, pair);
                }
            }
        }
    }

    /** The pairs of {@code address} are barred from now on, or no longer: as if flows were on them. */
    void barredChanged(int address) {
        for (Protocol protocol : PROTOCOLS) {
            for (int i = 0; isActive(protocol) && i < regions.portCount(); i++) {
                int pair = address * regions.portCount() + i;
                if (isCarrying(protocol, pair) && !isOwned(protocol, pair)) {
                    carryingBegan(protocol, pair);
                } else {
                    carryingEnded(protocol, pair);
                }
            }
        }
    }

    /** {@code pair}, on which nothing lives or rests, is barred from now on; what is set aside in it may be an owner's. */
    void barred(Protocol protocol, int pair) {
        if (!isOwned(protocol, pair)) {
            carryingBegan(protocol, pair);
        }
    }

    /** The unit in which an owner draws from {@code region}; its overlay is {@link #carrying}. */
    UnitKey owned(Protocol protocol, int region) {
        return UnitKey.owned(protocol, common(region));
    }

    UnitKey carrying(Protocol protocol, int region) {
        return UnitKey.carrying(protocol, common(region));
    }

    /** The unit whose slots a shared draw from {@code region} must leave alone, {@link PortSpace#NO_UNIT} if none. */
    int overlay(Protocol protocol, int region) {
        return isActive(protocol) ? space.find(owned(protocol, region)) : PortSpace.NO_UNIT;
    }

    /** A flow that owns nothing has begun on {@code pair}, perhaps not the first. */
    void carryingBegan(Protocol protocol, int pair) {
        if (!isActive(protocol)) {
            return;
        }
        int region = regions.regionOf(pair);
        if (region >= 0) {
            space.claim(space.unit(carrying(protocol, region), regions.size(common(region))), slot(region, pair));
        }
    }

    /** A flow that owns nothing, or the foreign socket that it met, has left {@code pair}, perhaps not the last; whether the pair may be owned again. */
    boolean carryingEnded(Protocol protocol, int pair) {
        if (!isActive(protocol)) {
            return false;
        }
        int region = regions.regionOf(pair);
        if (region < 0 || isCarryingAnywhere(protocol, pair)) {
            return false;
        }
        int unit = space.find(carrying(protocol, region));
        if (unit == PortSpace.NO_UNIT || !space.isUsed(unit, slot(region, pair))) {
            return false;
        }
        space.release(unit, slot(region, pair));
        space.tidy(unit);
        return true;
    }

    /**
     * How many slots of {@code region} the first owner of that protocol could have, as nothing lives or rests on their pairs.
     * Cost: O(slots).
     */
    int ownable(Protocol protocol, int region, IntPredicate isTaken) {
        int count = 0;
        for (int slot = 0; slot < regions.size(common(region)); slot++) {
            int pair = regions.pair(common(region), slot);
            if (!isCarryingAnywhere(protocol, pair) && !isTaken.test(pair)) {
                count++;
            }
        }
        return count;
    }

    private boolean isOwned(Protocol protocol, int pair) {
        int region = regions.regionOf(pair);
        int owned = region < 0 ? PortSpace.NO_UNIT : space.find(owned(protocol, region));
        return owned != PortSpace.NO_UNIT && space.isUsed(owned, slot(region, pair));
    }

    private boolean isCarryingAnywhere(Protocol protocol, int pair) {
        if (!config.allowsLegacy()) {
            return isCarrying(protocol, pair);
        }
        for (int at = pair % regions.portCount(); at < regions.pairs(); at += regions.portCount()) {
            if (isCarrying(protocol, at)) {
                return true;
            }
        }
        return false;
    }

    private boolean isCarrying(Protocol protocol, int pair) {
        return use(protocol).isCarrying(pair) || use(protocol).isSetAside(pair) || barred.contains(protocol, pair);
    }

    private int common(int region) {
        return config.allowsLegacy() ? Regions.EVERY_ADDRESS : region;
    }

    private int slot(int region, int pair) {
        return regions.slot(common(region), pair);
    }

    private PairUse use(Protocol protocol) {
        return pairs[protocol.number()];
    }
}
