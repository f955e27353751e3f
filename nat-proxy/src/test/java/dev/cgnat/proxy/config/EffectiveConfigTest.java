package dev.cgnat.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

class EffectiveConfigTest {
    static Stream<String> profiles() {
        return Profiles.NAMES.stream();
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void whatIsWrittenDownIsReadAsTheSameConfiguration(String profile) throws Exception {
        requireSame(ConfigLoader.loadProfile(profile));
    }

    @Test
    void referenceIsReadAsTheSameConfiguration() throws Exception {
        String text = Files.readString(Path.of("../config/reference.yaml"));
        requireSame(parse(text));
    }

    @Test
    void differencesAreNamedByTheirKeys() throws Exception {
        ProxyConfig before = parse("limits: { sessions: 5 }\npools: [{ addresses: 127.0.1.1 }]");
        ProxyConfig after = parse(
                "limits: { sessions: auto }\npools: [{ addresses: [127.0.1.1, 127.0.1.3], hold-down: { idle: 1h } }]");

        assertThat(ConfigChange.between(before, after))
                .containsExactly(
                        change("pools[0].addresses", List.of("127.0.1.1"), List.of("127.0.1.1", "127.0.1.3")),
                        change("pools[0].hold-down.idle", "1m", "1h"),
                        change("limits.sessions", 5, "auto"));
        assertThat(ConfigChange.between(after, after)).isEmpty();
    }

    private static ConfigChange change(String path, Object from, Object to) {
        return new ConfigChange(path, Optional.of(from), Optional.of(to));
    }

    /** A profile's name stays, so what it brings must be overridden key by key. */
    private static void requireSame(ProxyConfig config) throws Exception {
        String written = new JsonMapper().writeValueAsString(EffectiveConfig.of(config));
        assertThat(parse(written)).isEqualTo(config);
    }

    private static ProxyConfig parse(String text) throws ConfigException {
        return ConfigLoader.parse(text, "text", Optional.empty(), List.of(), address -> true)
                .config();
    }
}
