package dev.cgnat.core.select;

import dev.cgnat.core.config.PortSelection;
import java.util.random.RandomGenerator;

/** The selector of each {@link PortSelection}. */
public final class PortSelectors {
    private PortSelectors() {}

    /** A new selector of that kind, which draws from {@code random}, its secret keys too. */
    public static PortSelector of(PortSelection selection, RandomGenerator random) {
        return switch (selection) {
            case UNIFORM -> new UniformSelector(random);
            case SEQUENTIAL -> new SequentialSelector();
            case RFC6056_1 -> new SimpleRandomSelector(random);
            case RFC6056_2 -> new RandomRetrySelector(random);
            case RFC6056_3 -> new HashedSelector(HashedSelector.SINGLE, random);
            case RFC6056_4 -> new HashedSelector(HashedSelector.TABLE, random);
            case RFC6056_5 -> new RandomIncrementsSelector(random);
            case LEAST_RECENTLY_FREED -> new LeastRecentlyFreedSelector();
            case LINUX_NF -> new LinuxNfSelector(random);
            case VPP -> new VppSelector(random);
            case CILIUM -> CiliumSelector.with32Tries(random);
            case CILIUM_128 -> CiliumSelector.with128Tries(random);
            case PF -> new PfSelector(random);
        };
    }
}
