package dev.cgnat.bench.grade;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.bench.grade.Selection.Kind;
import dev.cgnat.bench.grade.Selection.Preference;
import dev.cgnat.core.CloseCause;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.PortRange;
import dev.cgnat.core.config.Mapping;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.Pooling;
import dev.cgnat.core.config.PortPreference;
import dev.cgnat.core.config.PortSelection;
import dev.cgnat.core.config.ReuseScope;
import dev.cgnat.proxy.config.ConfigLoader;
import dev.cgnat.proxy.config.ExhaustionAction;
import dev.cgnat.proxy.config.ProxyConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProfileWriterTest {
    @TempDir
    private Path folder;

    @Test
    void theEmulatorLoadsWhatWasFound() throws Exception {
        ProxyConfig config = load(findings(ReuseScope.FOUR_TUPLE, Mapping.ADDRESS_AND_PORT_DEPENDENT));
        PoolConfig pool = config.nat().pools().get(0);
        assertThat(pool.addressCount()).isEqualTo(2);
        assertThat(pool.ports()).containsExactly(new PortRange(20_000, 20_063));
        assertThat(pool.reuseScope()).isEqualTo(ReuseScope.FOUR_TUPLE);
        assertThat(pool.pooling().behaviour()).isEqualTo(Pooling.ARBITRARY);
        assertThat(pool.selection().selection()).isEqualTo(PortSelection.LEAST_RECENTLY_FREED);
        assertThat(pool.selection().prefer()).isEqualTo(PortPreference.SAME_PORT);
        assertThat(pool.holdDown().clientFin()).isEqualTo(Duration.ofSeconds(3));
        assertThat(config.onExhaustion().get("main")).isEqualTo(ExhaustionAction.BLACKHOLE);
        assertThat(config.nat().limits().sessionsPerSubscriber()).isEqualTo(12);
        assertThat(config.timeouts().established()).isEqualTo(Duration.ofMillis(4_500));
    }

    @Test
    void aMappingThatDoesNotGoWithTheScopeIsLeftOutAndSaidSo() throws Exception {
        Findings kernel = findings(ReuseScope.FOUR_TUPLE, Mapping.ENDPOINT_INDEPENDENT);
        assertThat(load(kernel).nat().pools().get(0).mapping().behaviour())
                .isEqualTo(Mapping.ADDRESS_AND_PORT_DEPENDENT);
        assertThat(ProfileWriter.write(kernel, "a NAT"))
                .contains("endpoint-independent, which does not go with that reuse-scope: left out");
    }

    private ProxyConfig load(Findings findings) throws Exception {
        Path file = folder.resolve("profile.yaml");
        Files.writeString(file, ProfileWriter.write(findings, "a NAT"));
        return ConfigLoader.load(Optional.of(file), Optional.empty());
    }

    private static Findings findings(ReuseScope scope, Mapping mapping) {
        return new Findings(
                new Findings.Ports(
                        List.of(IpAddress.ofIpv4(192, 0, 2, 1), IpAddress.ofIpv4(198, 51, 100, 7)),
                        128,
                        Finding.of(new PortRange(20_000, 20_063), "seen"),
                        Finding.of(
                                new Selection(Optional.of(Kind.LEAST_RECENTLY_FREED), Preference.SAME_PORT, 0), "seen"),
                        Finding.notSeen("none")),
                new Findings.Sharing(
                        Finding.of(scope, "seen"),
                        Finding.of(mapping, "seen"),
                        Finding.of(Pooling.ARBITRARY, "seen"),
                        Finding.notSeen("not seen")),
                new Findings.Rests(
                        Map.of(
                                CloseCause.CLIENT_FIN,
                                Finding.of(
                                        new HoldDown(Duration.ofMillis(3_010), Duration.ofMillis(3_050), 6), "seen")),
                        Finding.of(Duration.ofMillis(4_500), "seen")),
                new Findings.Refusals(
                        Finding.of(12L, "seen"),
                        Finding.of(new Findings.Shape(RefusalKind.SILENCE, "silence", 1, 1), "seen"),
                        Finding.of(true, "seen")),
                new Findings.Effort(300, 200, 100, 1, false));
    }
}
