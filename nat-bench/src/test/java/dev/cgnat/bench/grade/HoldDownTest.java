package dev.cgnat.bench.grade;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HoldDownTest {
    @ParameterizedTest
    @CsvSource({
        "3010, 3060, 3000",
        "1010, 1030, 1000",
        "120100, 121700, 120000",
        "64600, 65500, 65000",
        "15900, 16200, 16000",
        "500, 512, 500",
        "0, 73, 0", // the very first try found it
        "20, 40, 0" // no longer than the news of an end takes
    })
    void theRoundestRestThatFitsIsMeant(long atLeast, long atMost, long meant) {
        HoldDown seen = new HoldDown(Duration.ofMillis(atLeast), Duration.ofMillis(atMost), 1);
        assertThat(seen.rounded()).isEqualTo(Duration.ofMillis(meant));
    }

    @ParameterizedTest
    @CsvSource({
        "35, 110, 40, 0", // a busy NAT refused before it knew of the end
        "45, 110, 40, 100",
        "2960, 3060, 2, 3000",
        "3250, 3420, 400, 3000" // it rests from when it knew
    })
    void aRefusalBeforeTheNatCouldKnowOfTheEndIsNoRest(long refusedFor, long backAfter, long news, long meant) {
        HoldDown seen =
                HoldDown.seen(Duration.ofMillis(refusedFor), Duration.ofMillis(backAfter), Duration.ofMillis(news), 1);
        assertThat(seen.rounded()).isEqualTo(Duration.ofMillis(meant));
    }
}
