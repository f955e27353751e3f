package dev.cgnat.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.config.LimitConfig;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.proxy.config.SubscriberConfig.Identity;
import dev.cgnat.proxy.testing.Proxies;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who clients are: {@code users-file}, {@code subscriber} and {@code limits.handshakes-per-source}. */
class IdentityConfigTest {
    private static final String LISTENER = "listeners: [{ type: socks, bind: \"127.0.0.1:0\", users-file: users }]\n";

    @TempDir
    private Path folder;

    @Test
    void usersStandInAFileBesideTheConfiguration() throws Exception {
        writeUsers("# who may\n\nalice:secret\n  \nbob:pass:word \nzo\u00eb:\u00fc\n");
        Users users = load(LISTENER).listeners().get(0).users().orElseThrow();
        assertThat(users.passwords()).isEqualTo(Map.of("alice", "secret", "bob", "pass:word ", "zo\u00eb", "\u00fc"));
        assertThat(users.accept("bob", "pass:word ")).isTrue();
        assertThat(users.accept("bob", "pass:word")).isFalse();
        assertThat(users.accept("carol", "")).isFalse();
    }

    @Test
    void nameOfTheFileMayBeAbsolute() throws Exception {
        Path file = writeUsers("a:b\n");
        assertThat(load("listeners: [{ type: http-connect, bind: \"127.0.0.1:0\", users-file: " + file + " }]")
                        .listeners()
                        .get(0)
                        .users())
                .isPresent();
    }

    @Test
    void noneIsNoUsers() throws Exception {
        assertThat(load("listeners: [{ type: forward, target: \"a:1\", bind: \"127.0.0.1:0\", users-file: none }]")
                        .listeners()
                        .get(0)
                        .users())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw-----w-", "rw-rw-rw-"})
    void fileThatOthersMayReadOrWriteIsRefused(String permissions) throws Exception {
        Path file = writeUsers("alice:secret\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
        assertThat(errors(LISTENER))
                .containsExactly(at(1, 61) + "listeners[0].users-file: " + file
                        + " (expected: readable by its owner alone: chmod 600 " + file + ")");
    }

    @Test
    void fileThatIsNoneIsRefused() throws Exception {
        String start = at(1, 61) + "listeners[0].users-file: " + folder.resolve("users") + " (expected: ";
        assertThat(errors(LISTENER)).containsExactly(start + "a file that exists)");
        Files.createDirectory(folder.resolve("users"));
        assertThat(errors(LISTENER)).containsExactly(start + "a file that exists)");
        Files.delete(folder.resolve("users"));
        writeUsers("");
        assertThat(errors(LISTENER)).containsExactly(start + "at least one line name:password)");
        Files.write(folder.resolve("users"), "a:\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(errors(LISTENER)).containsExactly(start + "text in UTF-8)");
    }

    @Test
    void everyMistakeInTheFileHasItsLineAndNoneShowsAPassword() throws Exception {
        Path file = writeUsers("hunter2\n:hunter2\nalice:\n" + "x".repeat(256) + ":hunter2\nbob:" + "hunter2".repeat(37)
                + "\nbob:hunter2\nbob:hunter2\ncarol:hunter2\u0007\n");
        assertThat(errors(LISTENER))
                .containsExactly(
                        file + ":1:1: error: listeners[0].users-file: no colon (expected: name:password)",
                        file + ":2:1: error: listeners[0].users-file: name: 0 bytes (expected: 1 to 255)",
                        file + ":3:1: error: listeners[0].users-file: password: 0 bytes (expected: 1 to 255)",
                        file + ":4:1: error: listeners[0].users-file: name: 256 bytes (expected: 1 to 255)",
                        file + ":5:1: error: listeners[0].users-file: password: 259 bytes (expected: 1 to 255)",
                        file + ":7:1: error: listeners[0].users-file: name: bob (expected: a name that stands once)",
                        file + ":8:1: error: listeners[0].users-file: password: a control character (expected: none)");
    }

    @Test
    void configurationShowsNamesAndNoPassword() throws Exception {
        writeUsers("alice:hunter2\n");
        assertThat(load(LISTENER).toString()).contains("alice").doesNotContain("hunter2");
    }

    @Test
    void listenerWithUsersMayBeReachedFromElsewhere() throws Exception {
        writeUsers("alice:secret\n");
        String everywhere = LISTENER.replace("127.0.0.1", "0.0.0.0");
        assertThat(load(everywhere).listeners().get(0).isLoopback()).isFalse();
        Files.delete(folder.resolve("users"));
        assertThat(errors(everywhere)).singleElement().asString().contains("users-file"); // the one mistake, told once
        assertThat(errors(everywhere.replace("users-file: users", "users-file: none")))
                .containsExactly(at(1, 34) + "listeners[0].bind: 0.0.0.0:0 " + ListenerConfig.Type.SOCKS.neededRule());
    }

    @Test
    void subscribersAreWhatTheFileSays() throws Exception {
        writeUsers("alice:secret\n");
        assertThat(load(LISTENER + "subscriber: { identity: socks-user, ipv4-prefix: 24, ipv6-prefix: 56 }")
                        .subscriber())
                .isEqualTo(new SubscriberConfig(Identity.SOCKS_USER, 24, 56));
        assertThat(load("subscriber: {}").subscriber()).isEqualTo(SubscriberConfig.defaults());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            subscriber: { identity: mac }                  | 1:25 | subscriber.identity: mac (expected: source-address, socks-user or proxy-header)
            subscriber: { identity: socks-user }           | 1:25 | subscriber.identity: socks-user (expected: a listener with users-file, where clients prove a name)
            subscriber: { identity: proxy-header }         | 1:25 | subscriber.identity: proxy-header (expected: a listener with trusted-proxies, which tell the source)
            subscriber: { ipv4-prefix: 33 }                | 1:28 | subscriber.ipv4-prefix: 33 (expected: 0 to 32)
            subscriber: { ipv6-prefix: -1 }                | 1:28 | subscriber.ipv6-prefix: -1 (expected: a whole number)
            subscriber: { ipv6-prefix: 129 }               | 1:28 | subscriber.ipv6-prefix: 129 (expected: 0 to 128)
            limits: { handshakes-per-source: 0 }           | 1:34 | limits.handshakes-per-source: 0 (expected: none, or a whole number of at least 1)
            listeners: [{ type: forward, bind: "127.0.0.1:0", target: "a:1", users-file: x }] | 1:78 | listeners[0].users-file: not for type forward (expected: with type socks or http-connect only)
            """)
    void mistakesHaveTheirPlace(String text, String place, String message) {
        assertThat(errors(text)).contains(folder.resolve("cgnat.yaml") + ":" + place + ": error: " + message);
    }

    @Test
    void handshakesOfASourceMayBeUnlimited() throws Exception {
        assertThat(load("{}").handshakesPerSource()).isEqualTo(ProxyConfig.DEFAULT_HANDSHAKES_PER_SOURCE);
        assertThat(load("limits: { handshakes-per-source: 7 }").handshakesPerSource())
                .isEqualTo(7);
        assertThat(load("limits: { handshakes-per-source: none }").handshakesPerSource())
                .isEqualTo(LimitConfig.NONE);
    }

    @Test
    void prefixesAreNamedByTheirFirstAddress() {
        SubscriberConfig config = new SubscriberConfig(Identity.SOURCE_ADDRESS, 24, 64);
        IpAddress v6 = Proxies.address("2001:db8:1:2:3:4:5:6");
        assertThat(config.prefixOf(v6)).isEqualTo("2001:db8:1:2::/64");
        assertThat(config.prefixAddressOf(v6)).isEqualTo(Proxies.address("2001:db8:1:2::"));
        assertThat(config.prefixOf(Proxies.address("192.0.2.9"))).isEqualTo("192.0.2.0/24");
        assertThat(config.prefixAddressOf(Proxies.address("192.0.2.9"))).isEqualTo(Proxies.address("192.0.2.0"));
        assertThat(SubscriberConfig.defaults().prefixOf(Proxies.address("192.0.2.9")))
                .isEqualTo("192.0.2.9");
        assertThat(new SubscriberConfig(Identity.SOURCE_ADDRESS, 0, 0).prefixAddressOf(v6))
                .isEqualTo(Proxies.address("::"));
    }

    @Test
    void recordsAreTheLastGuard() {
        ProxyConfig good = ProxyConfig.defaults(NatConfig.of(Proxies.pool("127.0.1.1", 1, 2)));
        assertThatThrownBy(() -> good.listeners().get(0).withUsers(new Users(Map.of())))
                .hasMessage("users: none (expected: at least one)");
        assertThatThrownBy(() -> new Users(Map.of("a:b", "c"))).hasMessage("name: a:b (expected: no colon)");
        assertThatThrownBy(() -> Proxies.with(Proxies.pool("127.0.1.1", 1, 2))
                        .subscriber(new SubscriberConfig(Identity.SOCKS_USER, 32, 64))
                        .config())
                .hasMessage("subscriber.identity: socks-user " + ProxyConfig.NEEDS_USERS);
        assertThatThrownBy(() -> Proxies.with(Proxies.pool("127.0.1.1", 1, 2))
                        .handshakesPerSource(0)
                        .config())
                .hasMessage("limits.handshakes-per-source: 0 (expected: none or at least 1)");
    }

    private Path writeUsers(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("users"), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private ProxyConfig load(String text) throws ConfigException {
        try {
            Path file = Files.writeString(folder.resolve("cgnat.yaml"), text);
            return ConfigLoader.load(Optional.of(file), Optional.empty());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<String> errors(String text) {
        ConfigException e = catchThrowableOfType(ConfigException.class, () -> load(text));
        assertThat(e).as("mistakes in %s", text).isNotNull();
        return e.problems().stream().map(ConfigProblem::toString).toList();
    }

    private String at(int line, int column) {
        return folder.resolve("cgnat.yaml") + ":" + line + ":" + column + ": error: ";
    }
}
