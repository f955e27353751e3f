package dev.cgnat.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.core.config.PoolConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each profile says; what follows from it is in a test of nat-bench. */
class ProfileGoldenTest {
    @ParameterizedTest
    @CsvSource({
        "aws-nat-gateway, FOUR_TUPLE, 1024-65535, 64512, 60000, 60000, 60000, 60000, 60000",
        "azure-lb-default, FOUR_TUPLE, 1024-65023, 64000, 240000, 240000, 15000, 0, 240000",
        "azure-nat-gateway, FOUR_TUPLE, 1024-65535, 64512, 65000, 65000, 16000, 16000, 30000",
        "cilium-egress, FOUR_TUPLE, 32768-65535, 32768, 10000, 10000, 10000, 10000, 10000",
        "demo, FOUR_TUPLE, 20000-20499, 500, 5000, 0, 0, 5000, 0",
        "gcp-cloud-nat-dynamic, FOUR_TUPLE, 1024-65535, 64512, 120000, 120000, 120000, 120000, 120000",
        "gcp-cloud-nat-static, FOUR_TUPLE, 1024-65535, 64512, 120000, 120000, 120000, 120000, 120000",
        "home-router-full-cone, ADDRESS, 20000-29999, 10000, 240000, 240000, 240000, 240000, 240000",
        "isp-cgn-deterministic, FOUR_TUPLE, 1024-65535, 64512, 0, 0, 0, 0, 0",
        "isp-cgn-nokia-2tier, ADDRESS, 1024-65535, 64512, 120000, 120000, 120000, 120000, 120000",
        "isp-cgn-pba-512, ADDRESS, 1024-65535, 64512, 120000, 120000, 120000, 120000, 120000",
        "linux-default, FOUR_TUPLE, 32768-60999, 28232, 60000, 0, 0, 60000, 0",
        "linux-masquerade, FOUR_TUPLE, 1024-65535, 64512, 120000, 120000, 10000, 0, 10000",
        "linux-tuned, FOUR_TUPLE, 1024-65535, 64512, 60000, 0, 0, 60000, 0",
        "vpp-nat44-ed, FOUR_TUPLE, 1024-65535, 64512, 240000, 240000, 240000, 240000, 240000",
        "vyos-cgnat, FOUR_TUPLE, 1024-65535, 64512, 120000, 120000, 10000, 0, 10000",
        "windows-2003-default, HOST, 1025-5000, 3976, 120000, 0, 0, 120000, 0",
        "windows-2003-tuned, HOST, 1025-65534, 64510, 30000, 0, 0, 30000, 0",
        "windows-port-scalability, ADDRESS, 49152-65535, 16384, 120000, 0, 0, 120000, 0",
        "windows-reuse-unicastport, FOUR_TUPLE, 49152-65535, 16384, 120000, 0, 0, 120000, 0",
        "windows-vista-plus, HOST, 49152-65535, 16384, 120000, 0, 0, 120000, 0",
    })
    void rangeScopeAndHoldDown(
            String name,
            String scope,
            String ports,
            int capacity,
            long clientFin,
            long serverFin,
            long reset,
            long idle,
            long connectFailed)
            throws ConfigException {
        LoadedConfig loaded = ConfigLoader.parse("", "none.yaml", Optional.of(name), List.of(), address -> true);
        ProxyConfig config = loaded.config();
        PoolConfig pool = config.nat().pools().get(0);

        assertThat(loaded.warnings()).isEmpty();
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
        assertThat(config.onExhaustion()).containsEntry("main", ExhaustionAction.REFUSE);
        assertThat(config.windowsEvents().contains("main")).isEqualTo(name.startsWith("windows-"));
    }

    /** A program without SO_PORT_SCALABILITY can be put beside those with it. */
    @Test
    void portScalabilityHasRoomForLegacyClients() throws ConfigException {
        assertThat(ConfigLoader.loadProfile("windows-port-scalability")
                        .nat()
                        .pools()
                        .get(0)
                        .allowsLegacy())
                .isTrue();
    }

    /** "Add a profile" asks for a reason at every value. */
    @Test
    void everyValueHasAReasonBesideIt() {
        for (Profile profile : ConfigLoader.profiles()) {
            List<String> unexplained = profile.text()
                    .lines()
                    .dropWhile(line -> !line.equals("pool:"))
                    .filter(line -> line.matches(" +[^ #]+: +[^ #].*") && !line.contains(" # "))
                    .toList();
            assertThat(unexplained).as(profile.name()).isEmpty();
        }
    }

    @Test
    void hostsDoNotEndIdleConnections() throws ConfigException {
        for (String host : ConfigLoader.profiles().stream()
                .map(Profile::name)
                .filter(name -> name.matches("windows-.*|linux-default|linux-tuned"))
                .toList()) {
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
