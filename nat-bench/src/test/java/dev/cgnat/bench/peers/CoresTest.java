package dev.cgnat.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class CoresTest {
    @Test
    void processorsOfAContainerNeedNotBeginWithZero() {
        assertThat(Cores.parsed("0-1")).containsExactly(0, 1);
        assertThat(Cores.parsed("2,5-7,12")).containsExactly(2, 5, 6, 7, 12);
    }

    @Test
    void whereThereAreNotSoManyTheLastIsTaken() {
        assertThat(Cores.number(1_000_000)).isGreaterThanOrEqualTo(Cores.number(0));
    }
}
