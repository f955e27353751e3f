package dev.cgnat.bench.jmh;

import dev.cgnat.bench.jmh.opponents.PortAllocator;
import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.port.PortSpace;
import dev.cgnat.core.port.UnitKey;
import java.util.random.RandomGenerator;

/** One unit of nat-core's {@link PortSpace}. */
final class PortSpaceAllocator implements PortAllocator {
    private final PortSpace space = new PortSpace();
    private final RandomGenerator random;
    private final int unit;

    PortSpaceAllocator(int slots, RandomGenerator random) {
        this.random = random;
        unit = space.unit(UnitKey.anyRemote(Protocol.TCP, 0), slots);
        space.pin(unit); // a pool's only unit stays while the pool does
    }

    @Override
    public int grant() {
        return space.claimUniform(unit, PortSpace.NO_UNIT, random);
    }

    @Override
    public void release(int slot) {
        space.release(unit, slot);
    }
}
