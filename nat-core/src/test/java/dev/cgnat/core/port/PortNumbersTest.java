package dev.cgnat.core.port;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.core.address.PortRange;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PortNumbersTest {
    private final PortNumbers space = new PortNumbers(
            List.of(new PortRange(5_000, 5_003), new PortRange(65_534, 65_535)),
            List.of(new PortRange(5_001, 5_002), new PortRange(1, 10)));

    @Test
    void numbersThePortsThatAreNotExcludedInAscendingOrder() {
        assertThat(IntStream.range(0, space.size()).map(space::port)).containsExactly(5_000, 5_003, 65_534, 65_535);
        assertThat(space.excluded()).isEqualTo(2);
    }

    @Test
    void findsTheIndexOfEachPortAndOfNoOther() {
        for (int i = 0; i < space.size(); i++) {
            assertThat(space.indexOf(space.port(i))).isEqualTo(i);
        }
        assertThat(space.indexOf(5_001)).isNegative();
        assertThat(space.indexOf(0)).isNegative();
    }
}
