package dev.cgnat.bench.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class MachineTest {
    @Test
    void stealIsItsShareOfAllProcessorTime() {
        long[] before = {100, 0, 50, 1_000, 0, 0, 0, 10};
        long[] after = {150, 0, 70, 1_100, 0, 0, 0, 40};
        assertThat(Machine.steal(before, after)).hasValue(15);
    }

    @Test
    void stealIsUnknownWhereNobodyTellsOrNoTimeHasPassed() {
        long[] times = {100, 0, 50, 1_000, 0, 0, 0, 10};
        assertThat(Machine.steal(new long[0], new long[0])).isEmpty();
        assertThat(Machine.steal(times, times)).isEmpty();
    }
}
