package dev.cgnat.proxy.egress;

import dev.cgnat.core.AddressState;
import dev.cgnat.core.address.IpAddress;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Why no new flow leaves from an address: as long as there is a reason, the NAT lends nothing of it.
 *
 * <p>Any thread may call.
 */
public final class AddressSwitch {
    private final NatGate gate;
    private final Map<Place, Set<Reason>> reasons = new HashMap<>();

    /** What keeps new flows from an address. */
    public enum Reason {
        /** It is no address of this host at present. */
        LOST,
        /** An administrator drains it. */
        DRAINED,
        /** It is in the configuration no longer. */
        REMOVED
    }

    private record Place(String pool, IpAddress address) {}

    public AddressSwitch(NatGate gate) {
        this.gate = gate;
    }

    /** {@code reason} holds for {@code address} from now on, or no longer, in every pool that has it. */
    public synchronized void set(IpAddress address, Reason reason, boolean holds) {
        gate.snapshot().pools().stream()
                .filter(pool -> pool.config().lends(address))
                .forEach(pool -> set(pool.config().name(), address, reason, holds));
    }

    /** As {@link #set(IpAddress, Reason, boolean)} in one pool, which has it. */
    public synchronized void set(String pool, IpAddress address, Reason reason, boolean holds) {
        Set<Reason> of = reasons.computeIfAbsent(new Place(pool, address), missing -> EnumSet.noneOf(Reason.class));
        boolean wasActive = of.isEmpty();
        if (holds) {
            of.add(reason);
        } else {
            of.remove(reason);
        }
        if (wasActive != of.isEmpty()) {
            gate.setAddressState(pool, address, of.isEmpty() ? AddressState.ACTIVE : AddressState.DISABLED);
        }
        if (of.isEmpty()) {
            reasons.remove(new Place(pool, address));
        }
    }

    /** What keeps new flows from that address of {@code pool}; nothing if it is active. */
    public synchronized Set<Reason> reasons(String pool, IpAddress address) {
        Set<Reason> of = reasons.get(new Place(pool, address));
        return of == null ? Set.of() : Set.copyOf(of);
    }
}
