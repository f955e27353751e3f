package dev.cgnat.bench.size;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cgnat.bench.size.LogVolume.Policy;
import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.config.PoolConfig;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LogPlanTest {
    private static final AddressRange INSIDE =
            new AddressRange(IpAddress.ofIpv4(10, 0, 0, 1), IpAddress.ofIpv4(10, 0, 0, 100));
    private static final PoolConfig POOL =
            PoolConfig.defaults("main", List.of(AddressRange.single(IpAddress.ofIpv4(203, 0, 113, 1))));

    @ParameterizedTest
    @CsvSource({
        "ARBITRARY, SESSION_WITH_DESTINATIONS",
        "PAIRED, SESSION_WITH_DESTINATIONS",
        "ENDPOINT_INDEPENDENT, SESSION",
        "BLOCKS, BLOCK",
        "DETERMINISTIC, DETERMINISTIC"
    })
    void aPolicyNeedsWhatTellsWhoHadAPort(AllocationPolicy policy, Policy needed) {
        assertThat(Policy.neededBy(policy.applied(POOL, new Clientele(100, () -> List.of(INSIDE), pool -> 1))))
                .isEqualTo(needed);
    }

    @ParameterizedTest
    @CsvSource({
        "10GiB/day, 10737418240",
        "500MB/day, 500000000",
        "1.5kb/day, 1500",
        "2TiB/day, 2199023255552",
        "64KiB/day, 65536",
        "0B/day, 0"
    })
    void aBudgetIsAnAmountADay(String text, double bytes) {
        assertThat(LogBudget.parse(text).bytesPerDay()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10", "10GiB", "10GiB/h", "-1GB/day", "GB/day", "1iB/day", "1e3B/day"})
    void anythingElseIsNone(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LogBudget.parse(text))
                .withMessage("log-budget: " + text + " (expected: an amount a day, such as 10GiB/day or 500MB/day)");
    }
}
