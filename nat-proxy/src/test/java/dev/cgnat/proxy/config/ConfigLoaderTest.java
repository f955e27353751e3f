package dev.cgnat.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.PortRange;
import dev.cgnat.core.config.HoldDownConfig;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.QueueConfig;
import dev.cgnat.core.config.ReuseScope;
import dev.cgnat.proxy.config.ConfigProblem.Severity;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigLoaderTest {
    private static final AddressRange ADDRESS = AddressRange.single(IpAddress.ofIpv4(127, 0, 1, 1));

    @Test
    void nothingAtAllIsSocksOverOnePoolOfOneAddress() throws ConfigException {
        ProxyConfig config = ConfigLoader.load(Optional.empty(), Optional.empty());

        assertThat(config).isEqualTo(ProxyConfig.defaults(NatConfig.of(PoolConfig.defaults("main", List.of(ADDRESS)))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# only a comment\n", "~", "timeouts:\nlimits:\nacl:\n"})
    void emptyFilesAndEmptySectionsChangeNothing(String text) throws ConfigException {
        assertThat(load(text)).isEqualTo(load("{}"));
    }

    @Test
    void tenDifferentMistakesAreTenPositionedErrors() {
        String text = """
                profile: linux-defalt
                transprot: auto
                listeners:
                  - { name: a, type: socks, bind: 127.0.0.1:1080, poool: main }
                  - { name: b, type: forward, bind: 127.0.0.1:7000 }
                  - { name: c, type: http-connect, bind: 0.0.0.0:3128, pool: mian }
                pools:
                  - name: main
                    addresses: [127.0.1.1, 2001:db8::1]
                    reuse-scope: five-tuple
                    hold-down: { idle: 60 }
                    hold-down: 10s
                """;

        assertThat(errors(text))
                .containsExactly(
                        "cgnat.yaml:1:10: error: profile: linux-defalt (expected: " + String.join(", ", Profiles.NAMES)
                                + " or none)",
                        "cgnat.yaml:2:1: error: transprot: unknown key, did you mean \"transport\"?",
                        "cgnat.yaml:4:51: error: listeners[0].poool: unknown key, did you mean \"pool\"?",
                        "cgnat.yaml:5:5: error: listeners[1].target: missing"
                                + " (expected: host:port, where the forward goes)",
                        "cgnat.yaml:6:42: error: listeners[2].bind: 0.0.0.0:3128"
                                + " (expected: a loopback address, or users-file or acl.allow-sources that says who may use it)",
                        "cgnat.yaml:6:62: error: listeners[2].pool: mian (expected: main)",
                        "cgnat.yaml:9:28: error: pools[0].addresses: 2001:db8::1"
                                + " (expected: IPv4 addresses; pools of IPv6 addresses do not exist yet)",
                        "cgnat.yaml:10:18: error: pools[0].reuse-scope: five-tuple"
                                + " (expected: host, address, remote-host or four-tuple)",
                        "cgnat.yaml:11:24: error: pools[0].hold-down.idle: 60"
                                + " (expected: a duration with its unit, such as 500ms, 60s, 10m, 2h4m or 1d)",
                        "cgnat.yaml:12:5: error: pools[0].hold-down: duplicate key, first in line 11");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            transport: kqueue                       | 1:12: error: transport: kqueue (expected: auto, epoll, io-uring or nio)
            quirks: []                              | 1:1: error: quirks: unknown key (expected: profile, transport, listeners, subscriber, pools, timeouts, tcp, limits, drain-timeout, bypass, acl, admin or metrics)
            drain-timeout: 25h                      | 1:16: error: drain-timeout: 25h (expected: 0s to 24h)
            drain-timeout: [1s]                     | 1:16: error: drain-timeout: a list (expected: a duration with its unit, such as 500ms, 60s, 10m, 2h4m or 1d)
            drain-timeout:                          | 1:15: error: drain-timeout: nothing (expected: a duration with its unit, such as 500ms, 60s, 10m, 2h4m or 1d)
            tcp: { keep-alive: 1500ms }             | 1:20: error: tcp.keep-alive: 1500ms (expected: whole seconds, 1s to 32767s, or none)
            tcp: { keep-alive: 10h }                | 1:20: error: tcp.keep-alive: 10h (expected: whole seconds, 1s to 32767s, or none)
            tcp: { user-timeout: 0s }               | 1:22: error: tcp.user-timeout: 0s (expected: 1ms to 24h, or none)
            tcp: { user-timeout: soon }             | 1:22: error: tcp.user-timeout: soon (expected: none, or a duration with its unit, such as 5m)
            timeouts: { connect: 0s }               | 1:22: error: timeouts.connect: 0s (expected: more than 0s, at most 30d)
            listeners: [{ type: socks, bind: "127.0.0.1:99999" }] | 1:34: error: listeners[0].bind: 127.0.0.1:99999 (expected: address:port, such as 127.0.0.1:1080 or "[::1]:1080")
            limits: 5                               | 1:9: error: limits: 5 (expected: sessions, sessions-per-subscriber, ports-per-subscriber, new-per-second-per-subscriber, sessions-per-destination, ports-per-destination or handshakes-per-source)
            limits: { sessions: 0 }                 | 1:21: error: limits.sessions: 0 (expected: auto, or a whole number of at least 1)
            limits: { ports-per-subscriber: many }  | 1:33: error: limits.ports-per-subscriber: many (expected: none, or a whole number of at least 1)
            admin: { bind: "0.0.0.0:9477" }         | 1:16: error: admin.bind: 0.0.0.0:9477 (expected: a loopback address, or admin.token-file; use metrics.bind for a Prometheus on another host)
            admin: { bind: "localhost:9477" }       | 1:16: error: admin.bind: localhost:9477 (expected: address:port, such as 127.0.0.1:1080 or "[::1]:1080")
            admin: { bind: "127.0.0.1:1080" }       | 1:16: error: admin.bind: 127.0.0.1:1080 (expected: another port than that of listeners[0].bind)
            metrics: { bind: "0.0.0.0:9478" }       | 1:18: error: metrics.bind: 0.0.0.0:9478 (expected: a loopback address, or metrics.allow-sources)
            acl: { allow-sources: [10.0.0.5/8] }    | 1:24: error: acl.allow-sources: 10.0.0.5/8 (expected: the first address of the prefix, 10.0.0.0/8, or no prefix length)
            acl: { allow-sources: [10.*] }          | 1:24: error: acl.allow-sources: 10.* (expected: an address or prefix such as 10.0.0.0/8)
            listeners: []                           | 1:12: error: listeners: [] (expected: a list of at least one)
            pools: main                             | 1:8: error: pools: main (expected: a list of at least one)
            pools: [{ addresses: [] }]              | 1:22: error: pools[0].addresses: [] (expected: at least one)
            pools: [{ addresses: 127.1 }]           | 1:22: error: pools[0].addresses: 127.1 (expected: an address, a prefix such as 127.0.1.0/29 or a range 127.0.1.1-127.0.1.9)
            pools: [{ addresses: 127.0.1.9-127.0.1.1 }] | 1:22: error: pools[0].addresses: 127.0.1.9-127.0.1.1 (expected: a range such as 127.0.1.1-127.0.1.9, the lower address first)
            pools: [{ addresses: 127.0.1.1-9 }]     | 1:22: error: pools[0].addresses: 127.0.1.1-9 (expected: a range such as 127.0.1.1-127.0.1.9, the lower address first)
            pools: [{ addresses: 224.0.0.1 }]       | 1:22: error: pools[0].addresses: 224.0.0.1 (expected: addresses that a socket can be bound to)
            pools: [{ addresses: [127.0.1.0/29, 127.0.1.4] }] | 1:37: error: pools[0].addresses: 127.0.1.4 (expected: no overlap with 127.0.1.0/29)
            pools: [{ addresses: 127.0.1.1, exclude: 127.0.1.0/24 }] | 1:42: error: pools[0].exclude: every address (expected: at least one left to lend)
            pools: [{ ports: [] }]                  | 1:18: error: pools[0].ports: [] (expected: at least one)
            pools: [{ ports: 0-1000 }]              | 1:18: error: pools[0].ports: 0-1000 (expected: a port or a range such as 1025-5000, from 1 to 65535)
            pools: [{ ports: [1-9, 9-10] }]         | 1:24: error: pools[0].ports: 9-10 (expected: no overlap with 1-9)
            pools: [{ ports: 5000, exclude-ports: 4999-5001 }] | 1:39: error: pools[0].exclude-ports: no port is left of [5000] (expected: at least one)
            pools: [{ pooling: sticky }]            | 1:20: error: pools[0].pooling: sticky (expected: paired or arbitrary)
            pools: [{ paired-idle: 2d }]            | 1:24: error: pools[0].paired-idle: 2d (expected: 0s to 24h)
            pools: [{ hold-down: { fin: 25h } }]    | 1:29: error: pools[0].hold-down.fin: 25h (expected: 0s to 24h)
            pools: [{ hold-down: { syn: 1s } }]     | 1:24: error: pools[0].hold-down.syn: unknown key (expected: fin, client-fin, server-fin, reset, idle, connect-failed or max-held)
            pools: [{ hold-down: 1 }]               | 1:22: error: pools[0].hold-down: 1 (expected: a duration with its unit, such as 500ms, 60s, 10m, 2h4m or 1d)
            pools: [{ on-exhaustion: wait }]        | 1:26: error: pools[0].on-exhaustion: wait (expected: refuse, reset, blackhole or queue)
            pools: [{ queue-limit: 1000001 }]       | 1:24: error: pools[0].queue-limit: 1000001 (expected: 0 to 1000000)
            pools: [{ on-exhaustion: queue, queue-limit: 0 }] | 1:46: error: pools[0].queue-limit: 0 (expected: at least 1 with on-exhaustion: queue)
            pools: [{ name: a }, { addresses: 127.0.1.2 }] | 1:22: error: pools[1].name: missing (expected: a name, as there are several pools)
            pools: [{ name: a }, { name: a, addresses: 127.0.1.2 }] | 1:30: error: pools[1].name: a (expected: a name that pools[0] does not have)
            pools: [{ name: a, addresses: 127.0.1.0/24 }, { name: b }] | 1:47: error: pools[1].addresses: [127.0.1.1] (expected: no address that pools[0] lends with the same ports)
            pools: [{ addresses: 10.0.0.0/16 }]     | 1:22: error: pools[0].addresses: 4227858432 address:port pairs (expected: at most 2147483647; use several pools)
            pools: [{ addresses: 10.0.0.0/8 }]      | 1:22: error: pools[0].addresses: 16777216 addresses (expected: at most 65536; use several pools)
            listeners: [{ bind: "127.0.0.1:1" }]    | 1:13: error: listeners[0].type: missing (expected: socks, http-connect, forward, tproxy or redirect)
            listeners: [{ type: socks }]            | 1:13: error: listeners[0].bind: missing (expected: address:port)
            { acl: { allow-sources: [] }, listeners: [{ type: socks, bind: "0.0.0.0:1" }] } | 1:64: error: listeners[0].bind: 0.0.0.0:1 (expected: a loopback address, or users-file or acl.allow-sources that says who may use it)
            listeners: [{ type: socks, bind: "127.0.0.1:1" }, { type: socks, bind: "127.0.0.1:2" }] | 1:51: error: listeners[1].name: socks (expected: a name that listeners[0] does not have)
            listeners: [{ type: proxy, bind: "127.0.0.1:1" }] | 1:21: error: listeners[0].type: proxy (expected: socks, http-connect, forward, tproxy or redirect)
            listeners: [{ type: socks, bind: "127.0.0.1:1", target: "a:1" }] | 1:57: error: listeners[0].target: not for type socks (expected: with type forward only)
            listeners: [{ type: forward, bind: "127.0.0.1:1", target: "a:0" }] | 1:59: error: listeners[0].target: a:0 (expected: host:port, such as db.example.com:5432)
            listeners: [{ type: forward, bind: "127.0.0.1:1", target: "a b:1" }] | 1:59: error: listeners[0].target: a b:1 (expected: host:port, such as db.example.com:5432)
            listeners: [{ type: forward, bind: "127.0.0.1:1", target: "1.2.3:1" }] | 1:59: error: listeners[0].target: 1.2.3:1 (expected: address:port, such as 127.0.0.1:1080 or "[::1]:1080")
            [profile]                               | 1:1: error: a list (expected: profile, transport, listeners, subscriber, pools, timeouts, tcp, limits, drain-timeout, bypass, acl, admin or metrics)
            transport: !nio auto                    | 1:12: error: transport: !nio (expected: no tag)
            pools: [{ ports: &a [80, *a] }]         | 1:18: error: pools[0].ports[1]: the anchor stands inside itself
            pools: [{ name: a                       | 1:18: error: not YAML: expected ',' or '}', but got <stream end>, while parsing a flow mapping
            transport: *auto                        | 1:12: error: not YAML: found undefined alias auto
            ? [a]                                   | 1:3: error: a key that is not a word (expected: key: value)
            """)
    void everyKindOfMistakeHasItsPlaceAndSaysWhatIsExpected(String text, String expected) {
        assertThat(errors(text)).containsExactly("cgnat.yaml:" + expected);
    }

    @Test
    void whatIsNoYamlIsOneError() {
        assertThat(errors("transport: auto\nlisteners: \"\u0001\"\n"))
                .containsExactly("cgnat.yaml:2:13: error: character U+0001 (expected: printable characters)");
        assertThat(errors("a: 1\n---\nb: 1\n"))
                .containsExactly("cgnat.yaml:2:1: error: not YAML: but found another document,"
                        + " expected a single document in the stream");
        assertThat(errors("[".repeat(100_000)))
                .containsExactly("cgnat.yaml: error: lists or keys are nested too deeply");
    }

    @Test
    void filesThatCannotBeReadAreErrorsToo(@TempDir Path directory) throws Exception {
        Path missing = directory.resolve("missing.yaml");
        Path latin1 = Files.write(directory.resolve("latin1.yaml"), "# \u00e9".getBytes(StandardCharsets.ISO_8859_1));

        assertThat(errors(missing)).containsExactly(missing + ": error: no such file");
        assertThat(errors(directory)).containsExactly(directory + ": error: is a directory (expected: a file)");
        assertThat(errors(latin1)).containsExactly(latin1 + ": error: not text in UTF-8");
    }

    @Test
    void aLineFeedInAValueDoesNotForgeALineOfTheListing() {
        assertThat(errors("transport: \"a\\nb\""))
                .containsExactly("cgnat.yaml:1:12: error: transport: a?b (expected: auto, epoll, io-uring or nio)");
    }

    @Test
    void messageOfTheExceptionIsTheListing() {
        ConfigException e = failure("transport: a\ndrain-timeout: b\n");

        assertThat(e.problems()).hasSize(2);
        assertThat(e.getMessage())
                .isEqualTo(e.problems().get(0) + "\n" + e.problems().get(1));
    }

    @Test
    void keysOfAPoolOverrideTheProfileOneByOneInEveryPool() throws ConfigException {
        ProxyConfig config = load("""
                profile: windows-2003-default
                pools:
                  - { name: a, addresses: 127.0.1.1, hold-down: { idle: 7s } }
                  - { name: b, addresses: 127.0.1.2, ports: [2000-2009, 3000], hold-down: 240s }
                """);

        PoolConfig a = config.nat().pools().get(0);
        PoolConfig b = config.nat().pools().get(1);
        Duration twoMinutes = Duration.ofMinutes(2);
        assertThat(a.ports()).containsExactly(new PortRange(1025, 5000));
        assertThat(a.holdDown())
                .isEqualTo(new HoldDownConfig(
                        twoMinutes, Duration.ZERO, Duration.ZERO, Duration.ofSeconds(7), Duration.ZERO));
        assertThat(b.ports()).containsExactly(new PortRange(2000, 2009), new PortRange(3000, 3000));
        assertThat(b.holdDown()).isEqualTo(HoldDownConfig.same(Duration.ofMinutes(4)));
        assertThat(config.nat().pools()).extracting(PoolConfig::reuseScope).containsOnly(ReuseScope.HOST);
        assertThat(config.listeners()).extracting(ListenerConfig::pool).containsExactly("a");
        assertThat(config.profile()).isEqualTo("windows-2003-default");
    }

    @Test
    void finSetsBothEndsUnlessOneIsGivenToo() throws ConfigException {
        HoldDownConfig holdDown = load("pools: [{ hold-down: { server-fin: 1s, fin: 9s } }]")
                .nat()
                .pools()
                .get(0)
                .holdDown();

        assertThat(holdDown.clientFin()).isEqualTo(Duration.ofSeconds(9));
        assertThat(holdDown.serverFin()).isEqualTo(Duration.ofSeconds(1));
        assertThat(holdDown.idle()).isEqualTo(HoldDownConfig.defaults().idle());
    }

    @Test
    void excludedAddressesSplitTheirRange() throws ConfigException {
        List<AddressRange> addresses =
                load("pools: [{ addresses: [127.0.1.0/29, 127.0.2.1], exclude: [127.0.1.0, 127.0.1.3-127.0.1.4] }]")
                        .nat()
                        .pools()
                        .get(0)
                        .addresses();

        assertThat(addresses)
                .extracting(AddressRange::toString)
                .containsExactly("127.0.1.1-127.0.1.2", "127.0.1.5-127.0.1.7", "127.0.2.1");
    }

    @Test
    void queueReachesTheCoreOnlyWithTheActionQueue() throws ConfigException {
        PoolConfig waits = load("pools: [{ on-exhaustion: queue, queue-timeout: 1s }]")
                .nat()
                .pools()
                .get(0);

        assertThat(waits.queue()).isEqualTo(new QueueConfig(Duration.ofSeconds(1), 10_000));
        assertThat(load("pools: [{ on-exhaustion: reset }]")
                        .nat()
                        .pools()
                        .get(0)
                        .queue())
                .isEqualTo(QueueConfig.none());
        assertThat(load("pools: [{ on-exhaustion: reset }]").onExhaustion())
                .containsEntry("main", ExhaustionAction.RESET);
    }

    @Test
    void listenersAreNamedAfterTheirTypeAndUseTheFirstPool() throws ConfigException {
        ProxyConfig config = load("""
                listeners:
                  - { type: http-connect, bind: "[::1]:0" }
                  - { type: forward, bind: 10.0.0.1:7000, target: "[::1]:5432" }
                acl: { allow-sources: [10.0.0.0/8, "::1"] }
                pools: [{ name: first }, { name: second, ports: 80, addresses: 127.0.3.1 }]
                """);

        assertThat(config.listeners()).extracting(ListenerConfig::name).containsExactly("http-connect", "forward");
        assertThat(config.listeners()).extracting(ListenerConfig::pool).containsOnly("first");
        assertThat(config.listeners().get(1).target()).contains(new ListenerConfig.Target("::1", 5432));
        assertThat(config.access().allowSources()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"500ms,PT0.5S", "60s,PT1M", "10m,PT10M", "2h,PT2H", "2h4m,PT2H4M", "1d,PT24H", "1m30s5ms,PT1M30.005S"})
    void durationsAreNumbersWithUnits(String text, Duration expected) throws ConfigException {
        assertThat(load("drain-timeout: " + text).drainTimeout()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"60", "1.5s", "-1s", "4m2h", "1 s", "s", "1S", "\"\"", "99999999999s"})
    void durationsWithoutUnitOrInAnotherOrderAreErrors(String text) {
        assertThat(errors("drain-timeout: " + text)).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            pools: [{ queue-timeout: 1s }]                               | 1:26: warning: pools[0].queue-timeout: has no effect without on-exhaustion: queue
            pools: [{ blocks: { size: 500 } }]                           | 1:27: warning: pools[0].blocks.size: 500 leaves 12 of the 64512 ports of 1024-65535 unusable
            pools: [{ blocks: {}, ports: 2000-2999 }]                    | 1:19: warning: pools[0].blocks.size: 512 leaves 488 of the 1000 ports of 2000-2999 unusable
            { profile: isp-cgn-pba-512, pools: [{ ports: 2000-2999 }] }  | 1:46: warning: pools[0].blocks.size: 512 leaves 488 of the 1000 ports of 2000-2999 unusable
            pools: [{ pooling: arbitrary, paired-overflow: spill }]      | 1:48: warning: pools[0].paired-overflow: has no effect without pooling: paired
            pools: [{ exclude: 127.0.9.9 }]                              | 1:20: warning: pools[0].exclude: 127.0.9.9 is not among the addresses
            pools: [{ addresses: 127.0.2.0/30 }]                         | 1:22: warning: pools[0].addresses: 127.0.2.0/30 is on no local interface
            pools: [{ addresses: 127.0.1.0/30 }]                         | 1:22: warning: pools[0].addresses: 2 of the 4 addresses of 127.0.1.0/30 are on no local interface
            { transport: nio, tcp: { user-timeout: 5m } }                | 1:40: warning: tcp.user-timeout: not set by transport nio (expected: another transport)
            listeners: [{ type: socks, bind: "127.0.1.1:2000" }]         | 1:34: warning: listeners[0].bind: 127.0.1.1:2000 takes port 2000 out of pool main
            """)
    void whatLooksWrongIsAWarningBesideTheConfiguration(String text, String expected) throws ConfigException {
        LoadedConfig loaded = ConfigLoader.parse(
                text,
                "cgnat.yaml",
                Optional.empty(),
                List.of(),
                address -> address.getHostAddress().matches("127\\.0\\.1\\.[12]"));

        assertThat(loaded.warnings()).extracting(ConfigProblem::toString).containsExactly("cgnat.yaml:" + expected);
        assertThat(loaded.warnings()).extracting(ConfigProblem::severity).containsOnly(Severity.WARNING);
    }

    /** Whatever is typed into a good file, the answer is a configuration or a listing, never another exception. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void brokenFilesAreNeverMoreThanListings(long seed) throws Exception {
        String good = Files.readString(Path.of("../config/reference.yaml"));
        String typed = "\n\t :-[]{}#&*!|>'\"%@`,.0a~\u00e9";
        RandomGenerator random = new SplittableRandom(seed);
        int refused = 0;
        for (int i = 0; i < 100; i++) {
            StringBuilder text = new StringBuilder(good);
            for (int edits = random.nextInt(1, 6); edits > 0; edits--) {
                int at = random.nextInt(text.length() - 20);
                int removed = random.nextInt(20);
                text.replace(at, at + removed, typed.substring(random.nextInt(typed.length())));
            }
            try {
                assertThat(load(text.toString()).listeners()).isNotEmpty();
            } catch (ConfigException e) {
                refused++;
                assertThat(e.problems())
                        .allSatisfy(problem -> assertThat(problem.message()).isNotBlank());
            }
        }
        assertThat(refused).isBetween(1, 100);
    }

    private static ProxyConfig load(String text) throws ConfigException {
        return ConfigLoader.parse(text, "cgnat.yaml", Optional.empty(), List.of(), address -> true)
                .config();
    }

    private static List<String> errors(String text) {
        return failure(text).problems().stream().map(ConfigProblem::toString).toList();
    }

    private static List<String> errors(Path file) {
        ConfigException e = catchThrowableOfType(
                ConfigException.class, () -> ConfigLoader.load(Optional.of(file), Optional.empty()));
        return e.problems().stream().map(ConfigProblem::toString).toList();
    }

    private static ConfigException failure(String text) {
        ConfigException e = catchThrowableOfType(ConfigException.class, () -> load(text));
        assertThat(e).as("mistakes in %s", text).isNotNull();
        return e;
    }
}
