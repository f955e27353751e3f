package dev.cgnat.bench.twin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cgnat.bench.workload.Workloads;
import dev.cgnat.bench.workload.YamlFiles;
import dev.cgnat.core.config.ReuseScope;
import dev.cgnat.proxy.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ScenarioReaderTest {
    private static final String GROUP =
            "{ name: web, subscribers: 3, opens: { rate: 5/s }, lifetime: constant:1s, destinations: { count: 2 } }";

    @TempDir
    private Path folder;

    @Test
    void everyKeyIsRead() throws Exception {
        Files.writeString(folder.resolve("nat.yaml"), "pools: [{ name: main, reuse-scope: address }]");
        Scenario scenario = read("""
                description: everything
                configuration: nat.yaml
                profile: linux-default
                set: ["pools.0.addresses=[127.77.9.1]", "pools.0.ports=[30000-30099]"]
                until: 20s
                sample: 500ms
                seed: -4
                groups:
                  - %s
                  - { name: database, keeps: {}, lifetime: constant:1s, ends: { server-fin: 1, reset: 1 }, pool: main,
                      destinations: { count: 2, from: "198.18.0.2:443" } }
                """.formatted(GROUP));
        assertThat(scenario.workload().name()).isEqualTo("test");
        assertThat(scenario.workload().description()).isEqualTo("everything");
        assertThat(scenario.nat()).isEqualTo("nat.yaml");
        assertThat(scenario.config().profile()).isEqualTo("linux-default");
        assertThat(scenario.pool().reuseScope()).isEqualTo(ReuseScope.ADDRESS);
        assertThat(scenario.pool().configuredPorts()).isEqualTo(100);
        assertThat(scenario.until()).isEqualTo(Duration.ofSeconds(20));
        assertThat(scenario.sample()).isEqualTo(Duration.ofMillis(500));
        assertThat(scenario.seed()).isEqualTo(-4);
        assertThat(scenario.destinations().stream().map(Object::toString))
                .containsExactly("198.18.0.1:443", "198.18.0.2:443", "198.18.0.3:443");
    }

    @Test
    void whatIsLeftOutHasItsDefault() throws Exception {
        Scenario scenario = read("profile: linux-default\ngroups: [" + GROUP + "]");
        assertThat(scenario.until()).isEqualTo(Duration.ofSeconds(10));
        assertThat(scenario.sample()).isEqualTo(Duration.ofSeconds(1));
        assertThat(scenario.seed()).isEqualTo(1);
        assertThat(scenario.nat()).isEqualTo("profile linux-default");
    }

    @Test
    void everyMistakeIsToldAtOnceWithItsPlace() {
        assertThatThrownBy(() -> read("""
                        profil: linux-default
                        set:
                          - "pools.0.ports=[70000]"
                        profile: linux-default
                        until: 2h
                        sample: 1ms
                        seed: many
                        groups:
                          - name: web
                            subscribers: 70000
                            opens: { rate: 1/s }
                            lifetime: constant:1s
                            protocols: { udp: 1 }
                            ends: { idle: 1, client-fin: 1 }
                            bypass: 0.5
                            source-port: one
                            destinations: { count: 300 }
                        """))
                .isInstanceOf(ConfigException.class)
                .message()
                .isEqualTo("""
                        test.yaml:1:1: error: profil: unknown key, did you mean "profile"?
                        test.yaml:3:5: error: pools[0].ports: 70000 (expected: a port or a range such as 1025-5000, from 1 to 65535)
                        test.yaml:5:8: error: until: 2h (expected: more than 0s, at most 10m)
                        test.yaml:6:9: error: sample: 1ms (expected: at least 100ms)
                        test.yaml:7:7: error: seed: many (expected: a whole number)
                        test.yaml:9:3: error: groups: 70000 subscribers (expected: at most 65000, as each has an address of 127.1.0.0/16)
                        test.yaml:13:16: error: groups[0].protocols: [udp] (expected: tcp alone, as sockets carry no other here)
                        test.yaml:14:11: error: groups[0].ends: [client-fin, idle] (expected: client-fin, server-fin and reset, which clients and servers can do)
                        test.yaml:15:13: error: groups[0].bypass: 0.5 (expected: 0, as every flow goes through the proxy)
                        test.yaml:16:18: error: groups[0].source-port: one (expected: each, as a client's sockets have a port each)""".stripIndent());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "groups: [GROUP]| profile: missing (expected: the name of a profile, or a configuration: a file of the proxy)",
                "profile: linux-defualt\\ngroups: [GROUP]| test.yaml:1:10: error: profile: linux-defualt (expected: aws-nat",
                "profile: linux-default| groups: missing (expected: a list of groups)",
                "''| groups: missing (expected: a list of groups)",
                "configuration: gone.yaml\\ngroups: [GROUP]| gone.yaml: error: no such file",
                "profile: linux-default\\nuntil: 1s\\nsample: 2s\\ngroups: [GROUP]| sample: longer than until",
                "profile: isp-cgn-deterministic\\ngroups: [GROUP]| deterministic: in the pool (expected: absent",
                "profile: linux-default\\nset: pools.0.on-exhaustion=blackhole\\ngroups: [GROUP]| on-exhaustion: BLACKHOLE (expected: refuse or queue",
                "profile: linux-default\\nset: 'pools.1={name: b, addresses: [127.77.9.9]}'\\ngroups: [GROUP]| pools: 2 (expected: 1",
                "profile: linux-default\\ngroups: [{name: a, keeps: {}, lifetime: constant:1s, pool: b}]| groups[0].pool: b (expected: main",
                "profile: linux-default\\ngroups: [{name: a, keeps: {}, lifetime: constant:1s, destinations: {count: 257}}]| groups: 257 destinations (expected: at most 256",
            })
    void aMistakeIsToldWithWhatWasExpected(String text, String message) {
        assertThatThrownBy(() -> read(text.replace("GROUP", GROUP).replace("\\n", "\n")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message);
    }

    @Test
    void whatComesWithTheProgramIsWhatIsInTheFolder() throws Exception {
        List<Scenario> all = YamlFiles.shipped("scenarios", Scenarios.NAMES, Scenarios::load);
        assertThat(all)
                .allSatisfy(scenario ->
                        assertThat(scenario.workload().description()).isNotEmpty());
    }

    @Test
    void aNameThatIsNoneIsAnError() {
        assertThatThrownBy(() -> Scenarios.load("chum"))
                .hasMessage("chum: error: no such scenario, did you mean \"churn\"?");
        assertThatThrownBy(() -> Scenarios.load("nowhere.yaml")).hasMessage("nowhere.yaml: error: no such file");
    }

    @Test
    void aScenarioIsNoWorkload() throws IOException {
        Path file = Files.writeString(folder.resolve("s.yaml"), "profile: linux-default\ngroups: [" + GROUP + "]");
        assertThatThrownBy(() -> Workloads.load(file)).hasMessageContaining("profile: unknown key");
    }

    private Scenario read(String text) throws ConfigException, IOException {
        return YamlFiles.read(folder, text, Scenarios::load);
    }
}
