package dev.cgnat.core.select;

import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.port.PortSpace;
import dev.cgnat.core.port.UnitKey;
import java.util.Random;

/** One unit, a view of it, and flows. */
final class UnitFixture {
    static final SelectionInput FLOW = flow(7, 1);

    final PortSpace space = new PortSpace();
    final UnitView view = new UnitView(space);
    final int unit;
    private final int size;

    UnitFixture(int size) {
        this.size = size;
        unit = space.unit(UnitKey.anyRemote(Protocol.TCP, 0), size);
        look(PortSpace.NO_SLOT);
    }

    /** A flow from client 10.0.0.{@code client} to destination 192.0.2.{@code destination}. */
    static SelectionInput flow(int client, int destination) {
        return new Flow(
                new Endpoint(IpAddress.ofIpv4(10, 0, 0, client), 40_000),
                new Endpoint(IpAddress.ofIpv4(192, 0, 2, destination), 443));
    }

    void look(int preferredSlot) {
        view.look(unit, PortSpace.NO_UNIT, preferredSlot);
    }

    /** Uses every slot but these. */
    UnitFixture allUsedBut(int... free) {
        Random random = new Random(1);
        while (space.used(unit) < size) {
            space.claimUniform(unit, PortSpace.NO_UNIT, random);
        }
        for (int slot : free) {
            space.release(unit, slot);
        }
        return this;
    }

    /** The slot that {@code selector} claims, which is free again on return. */
    int tried(PortSelector selector) {
        return tried(selector, FLOW);
    }

    int tried(PortSelector selector, SelectionInput flow) {
        int slot = selector.claim(view, flow);
        if (slot != PortSpace.NO_SLOT) {
            space.release(unit, slot);
        }
        return slot;
    }

    /** In how many of {@code trials} {@code selector} claimed {@code slot}, in percent. */
    double percentOf(PortSelector selector, int slot, int trials) {
        int hits = 0;
        for (int i = 0; i < trials; i++) {
            hits += tried(selector) == slot ? 1 : 0;
        }
        return 100.0 * hits / trials;
    }

    private record Flow(Endpoint internal, Endpoint destination) implements SelectionInput {}
}
