package dev.cgnat.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EndpointsTest {
    @Test
    void aRangeOfPortsIsOneEndpointForEach() {
        assertThat(Endpoints.parseList("127.0.0.1:9000-9002,example:80"))
                .map(Endpoints::text)
                .containsExactly("127.0.0.1:9000", "127.0.0.1:9001", "127.0.0.1:9002", "example:80");
    }

    @Test
    void anIpv6AddressStandsInBrackets() {
        assertThat(Endpoints.text(Endpoints.parse("[::1]:9000"))).isEqualTo("[::1]:9000");
        assertThat(Endpoints.parse("[::1]:9000").getHostString()).isEqualTo("::1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "127.0.0.1", ":9000", "h:x", "h:65536", "h:9-8", "h:-1", "h:1,", "h:1-"})
    void namesWhatItExpects(String text) {
        assertThatThrownBy(() -> Endpoints.parseList(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("(expected: ");
    }

    @ParameterizedTest
    @CsvSource({
        "direct, direct",
        "forward, forward",
        "socks5://127.0.0.1:1080, socks5://127.0.0.1:1080",
        "http://127.0.0.1:3128, http://127.0.0.1:3128"
    })
    void aWayIsSpelledAsItIsRead(String text, String expected) {
        assertThat(Via.parse(text)).hasToString(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"socks4://127.0.0.1:1080", "socks5://127.0.0.1", "https://127.0.0.1:1", "127.0.0.1:1"})
    void anotherWayIsRefused(String text) {
        assertThatThrownBy(() -> Via.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("(expected: ");
    }

    @ParameterizedTest
    @CsvSource({"250ms, PT0.25S", "2s, PT2S", "1.5s, PT1.5S", "2h4m, PT2H4M", "1m30s, PT1M30S"})
    void aDurationCarriesItsUnit(String text, String expected) {
        assertThat(Durations.parse(text)).hasToString(expected);
        assertThat(Durations.text(Durations.parse(text))).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2", "s", "-1s", "1 s", "2d"})
    void aDurationWithoutItsUnitIsRefused(String text) {
        assertThatThrownBy(() -> Durations.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(text + " (expected: a duration such as 250ms, 2s, 1m30s or 2h)");
    }
}
