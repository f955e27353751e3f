package dev.cgnat.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cgnat.core.address.PortRange;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.ReuseScope;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the command line says, and that it wins. */
class ConfigPrecedenceTest {
    @Test
    void settingsWinOverTheFileAndTheFileOverTheProfile() throws ConfigException {
        String text = "profile: demo\npools: [{ reuse-scope: address }]\n";

        ProxyConfig config = load(
                text,
                Optional.of("windows-vista-plus"),
                List.of(
                        "pools.0.ports=[1-2, 9]",
                        "pools[0].hold-down.reset=3s",
                        "pools.1={name: spare, addresses: 127.0.9.9}",
                        "pools.0.name=x",
                        "listeners.0.bind=127.0.0.1:0",
                        "timeouts.connect=1s"));

        PoolConfig pool = config.nat().pools().get(0);
        assertThat(config.profile()).isEqualTo("windows-vista-plus");
        assertThat(pool.ports()).containsExactly(new PortRange(1, 2), new PortRange(9, 9));
        assertThat(pool.reuseScope()).isEqualTo(ReuseScope.ADDRESS);
        assertThat(pool.holdDown().reset()).isEqualTo(Duration.ofSeconds(3));
        assertThat(pool.holdDown().clientFin()).isEqualTo(Duration.ofMinutes(2));
        assertThat(config.nat().pools()).extracting(PoolConfig::name).containsExactly("x", "spare");
        assertThat(config.listeners().get(0).bind().port()).isZero();
        assertThat(config.timeouts().connect()).isEqualTo(Duration.ofSeconds(1));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            pools.0.ports=0      | pools[0].ports: 0 (expected: a port or a range such as 1025-5000, from 1 to 65535)
            pools.0.prots=1      | pools[0].prots: unknown key, did you mean "ports"?
            pools.2.name=a       | pools[2]: no such entry (expected: 0 to 1)
            pools.name=a         | pools: a list (expected: keys and values, to set name in it)
            transport.0=nio      | transport: auto (expected: a list, to set 0 in it)
            transport            | transport (expected: key=value, such as pools.0.ports=1024-2047)
            timeouts={idle: 1s, idle: 2s} | idle: duplicate key
            pools.0.ports=[1     | not YAML: expected ',' or ']', but got <stream end>, while parsing a flow sequence
            """)
    void mistakesInSettingsNameTheSetting(String set, String expected) {
        ConfigException e = failure("transport: auto", Optional.empty(), List.of(set));

        assertThat(e.problems())
                .extracting(ConfigProblem::toString)
                .containsExactly("--set " + set + ": error: " + expected);
    }

    @Test
    void unknownProfileOfTheCommandLineIsAnError() {
        assertThat(failure("", Optional.of("os2"), List.of()))
                .hasMessage("--profile os2: error: profile: os2" + " (expected: " + String.join(", ", Profiles.NAMES)
                        + " or none)");
    }

    private static ProxyConfig load(String text, Optional<String> profile, List<String> sets) throws ConfigException {
        return ConfigLoader.parse(text, "cgnat.yaml", profile, sets, address -> true)
                .config();
    }

    private static ConfigException failure(String text, Optional<String> profile, List<String> sets) {
        ConfigException e = catchThrowableOfType(ConfigException.class, () -> load(text, profile, sets));
        assertThat(e).as("mistakes in %s %s", text, sets).isNotNull();
        return e;
    }
}
