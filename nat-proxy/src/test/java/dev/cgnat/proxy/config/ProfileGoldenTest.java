package dev.cgnat.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.core.config.LimitConfig;
import dev.cgnat.core.config.PoolConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each profile comes to. The ceiling is ports divided by the hold-down after the client's close, per second. */
class ProfileGoldenTest {
    @ParameterizedTest
    @CsvSource({
        "windows-2003-default, HOST,       1025-5000,   3976,  120000, 0, 0, 120000, 0, 33.1",
        "windows-vista-plus,   HOST,       49152-65535, 16384, 120000, 0, 0, 120000, 0, 136.5",
        "linux-default,        FOUR_TUPLE, 32768-60999, 28232, 60000,  0, 0, 60000,  0, 470.5",
        "demo,                 FOUR_TUPLE, 20000-20499, 500,   5000,   0, 0, 5000,   0, 100.0",
    })
    void capacityScopeAndHoldDown(
            String name,
            String scope,
            String ports,
            int capacity,
            long clientFin,
            long serverFin,
            long reset,
            long idle,
            long connectFailed,
            String ceiling)
            throws ConfigException {
        ProxyConfig config = ConfigLoader.loadProfile(name);
        PoolConfig pool = config.nat().pools().get(0);

        assertThat(config.profile()).isEqualTo(name);
        assertThat(config.nat().pools()).hasSize(1);
        assertThat(pool.addressCount()).isEqualTo(1);
        assertThat(pool.reuseScope()).hasToString(scope);
        assertThat(pool.ports()).hasToString("[" + ports + "]");
        assertThat(pool.usablePorts()).isEqualTo(capacity);
        assertThat(Stream.of(
                                pool.holdDown().clientFin(),
                                pool.holdDown().serverFin(),
                                pool.holdDown().reset(),
                                pool.holdDown().idle(),
                                pool.holdDown().connectFailed())
                        .map(Duration::toMillis))
                .containsExactly(clientFin, serverFin, reset, idle, connectFailed);
        assertThat(String.format(Locale.ROOT, "%.1f", capacity * 1000.0 / clientFin))
                .isEqualTo(ceiling);
        assertThat(config.nat().limits()).isEqualTo(LimitConfig.defaults());
        assertThat(config.onExhaustion()).containsEntry("main", ExhaustionAction.REFUSE);
    }

    @Test
    void hostsDoNotEndIdleConnections() throws ConfigException {
        for (String host : List.of("windows-2003-default", "windows-vista-plus", "linux-default")) {
            assertThat(ConfigLoader.loadProfile(host).timeouts().established()).isEqualTo(Duration.ofDays(30));
        }
        assertThat(ConfigLoader.loadProfile("demo").timeouts()).isEqualTo(TimeoutConfig.defaults());
    }

    @Test
    void everyFileIsAProfileThatSaysWhereItComesFrom() throws IOException {
        List<String> files;
        try (Stream<Path> paths = Files.list(Path.of("../config/profiles"))) {
            files = paths.map(path -> path.getFileName().toString().replace(".yaml", ""))
                    .sorted()
                    .toList();
        }

        assertThat(ConfigLoader.profiles()).extracting(Profile::name).containsExactlyElementsOf(files);
        assertThat(ConfigLoader.profiles()).allSatisfy(profile -> {
            assertThat(profile.description()).isNotBlank().hasSizeLessThan(100).doesNotContain("\n");
            assertThat(profile.source()).isNotBlank();
            assertThat(profile.confidence()).isNotBlank();
            assertThat(profile.readOn()).isAfter("2026-01-01");
            assertThat(profile.text()).contains(profile.description());
        });
    }

    @Test
    void aProfileCanBeGivenOtherAddressesAndListeners() throws ConfigException {
        ProxyConfig config = ConfigLoader.load(
                Optional.empty(),
                Optional.of("demo"),
                List.of(
                        "pools.0.addresses=[127.0.1.1, 127.0.1.2]",
                        "listeners.0.bind=127.0.0.1:0",
                        "admin.bind=127.0.0.1:0"));

        assertThat(config.nat().pools().get(0).addressCount()).isEqualTo(2);
        assertThat(config.nat().pools().get(0).usablePorts()).isEqualTo(500);
        assertThat(config.listeners().get(0).bind().port()).isZero();
        assertThat(config.admin().bind().port()).isZero();
    }
}
