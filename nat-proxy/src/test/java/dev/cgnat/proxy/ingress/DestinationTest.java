package dev.cgnat.proxy.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DestinationTest {
    @ParameterizedTest
    @CsvSource({
        "example.com:443, example.com, 443",
        "192.0.2.1:1, 192.0.2.1, 1",
        "[2001:db8::1]:65535, 2001:db8::1, 65535",
        "[::ffff:192.0.2.1]:80, ::ffff:192.0.2.1, 80",
        "_dns.example:53, _dns.example, 53"
    })
    void authorityIsHostAndPort(String authority, String host, int port) {
        assertThat(Destination.ofAuthority(authority)).contains(new Destination(host, port));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "example.com",
                "example.com:",
                "example.com:0",
                "example.com:65536",
                "example.com:999999",
                "example.com:-1",
                "example.com:+1",
                "example.com:80/",
                "user@example.com:80",
                "user:password@example.com:80",
                "http://example.com:80",
                "/index.html",
                "*",
                ":80",
                "2001:db8::1:80",
                "2001:db8::1",
                "[2001:db8::1]",
                "[example.com]:80",
                "[192.0.2.1]:80",
                "[]:80",
                "exa mple.com:80",
                "example.com :80",
                "ex\u00e4mple.com:80",
                "-example.com:80",
                ".example.com:80",
                "example.com:80\r\nHost: x",
                "example.com:\u0661"
            })
    void anythingElseIsNoAuthority(String authority) {
        assertThat(Destination.ofAuthority(authority)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a\u0000b", "a\rb", "a\nb", "\u00e9.example", "a,b", "a%b", "a..b", "."})
    void namesThatNoResolverKnowsAreNone(String name) {
        assertThat(Destination.of(name, 80)).isEmpty();
    }

    @Test
    void namesEndAt253CharactersAndTheirLabelsAt63() {
        String label = "a".repeat(62) + ".";
        assertThat(Destination.of(label.repeat(4) + "a", 80)).isPresent();
        assertThat(Destination.of(label.repeat(4) + "a.", 80)).isEqualTo(Optional.empty());
        assertThat(Destination.of("a".repeat(63) + ".example.", 80)).isPresent();
        assertThat(Destination.of("a".repeat(64) + ".example", 80)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 65_536})
    void portsAreOneTo65535(int port) {
        assertThat(Destination.of("example.com", port)).isEmpty();
    }
}
