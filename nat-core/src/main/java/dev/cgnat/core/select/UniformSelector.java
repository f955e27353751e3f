package dev.cgnat.core.select;

import java.util.random.RandomGenerator;

/** Each legal slot with the same probability: nothing that an observer saw tells him more about the next one. */
record UniformSelector(RandomGenerator random) implements PortSelector {
    @Override
    public int claim(UnitView view, SelectionInput flow) {
        return view.claimUniform(random);
    }
}
