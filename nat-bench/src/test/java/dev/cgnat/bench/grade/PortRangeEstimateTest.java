package dev.cgnat.bench.grade;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.core.address.PortRange;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PortRangeEstimateTest {
    @ParameterizedTest
    @CsvSource({"1024, 65535", "32768, 60999", "49152, 65535", "1025, 5000"})
    void aSampleOfAThousandNamesAUsualRange(int first, int last) {
        SplittableRandom random = new SplittableRandom(7);
        TreeSet<Integer> ports = new TreeSet<>();
        while (ports.size() < 1_000) {
            ports.add(first + random.nextInt(last - first + 1));
        }
        Finding<PortRange> finding = PortRangeEstimate.of(ports, false, 1, true);
        PortRange range = finding.value().orElseThrow();
        assertThat(range.first()).as(finding.evidence()).isIn(first, 1_024); // 1025 cannot be told from 1024
        assertThat(range.last()).as(finding.evidence()).isEqualTo(last);
        assertThat(finding.evidence()).contains("99 %");
    }

    @Test
    void theRangeOfADryPoolIsWhatWasSeen() {
        TreeSet<Integer> ports = new TreeSet<>();
        for (int port = 20_003; port <= 20_017; port++) {
            ports.add(port);
        }
        assertThat(PortRangeEstimate.of(ports, true, 2, true).value()).contains(new PortRange(20_003, 20_017));
    }

    @Test
    void aSequenceThatWentOnBoundsNothing() {
        TreeSet<Integer> ports = new TreeSet<>();
        for (int port = 1_030; port <= 1_100; port++) {
            ports.add(port);
        }
        Finding<PortRange> finding = PortRangeEstimate.of(ports, false, 1, false);
        assertThat(finding.value()).contains(new PortRange(1_030, 1_100));
        assertThat(finding.evidence()).contains("the range may be wider");
    }
}
