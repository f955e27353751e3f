package dev.cgnat.proxy.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SessionQueryTest {
    @Test
    void noWordsAreNoFilter() throws ClientException {
        assertThat(SessionQuery.parse(List.of())).isEmpty();
        assertThat(SessionQuery.parse(List.of("  "))).isEmpty();
    }

    @Test
    void termsMayBeOneWordOrManyWithOrWithoutAnd() throws ClientException {
        Map<String, String> expected = Map.of("state", "established", "dst", ":443", "olderThan", "60s");
        assertThat(SessionQuery.parse(List.of("state established and dst :443 olderthan 60s")))
                .isEqualTo(expected);
        assertThat(SessionQuery.parse(List.of("state", "established", "dst", ":443", "and", "olderthan", "60s")))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "STATE half-closed,            state,      half_closed",
        "src 10.0.0.0/8,               src,        10.0.0.0/8",
        "dst *:443,                    dst,        :443",
        "dst = [2001:db8::1]:443,      dst,        [2001:db8::1]:443",
        "sport eq 1024,                src,        :1024",
        "dport == :443,                dst,        :443",
        "external 127.0.1.1,           externalIp, 127.0.1.1",
        "external 2001:db8::1,         externalIp, 2001:db8::1",
        "external :40000,              port,       40000",
        "subscriber and,               subscriber, and",
        "sub alice,                    subscriber, alice",
        "pool main,                    pool,       main",
        "listener socks,               listener,   socks",
        "idle 5m,                      idleFor,    5m",
        "idlefor 5m,                   idleFor,    5m",
        "state:established,            state,      established",
        "dst::443,                     dst,        :443",
        "dst=[2001:db8::1]:443,        dst,        [2001:db8::1]:443",
        "externalIp:127.0.1.0/24,      externalIp, 127.0.1.0/24",
        "port 40000,                   port,       40000",
        "subscriber \"a and b\",       subscriber, a and b",
        "subscriber:\"a b\",           subscriber, a b"
    })
    void termIsAFilterOfTheServer(String term, String parameter, String value) throws ClientException {
        assertThat(SessionQuery.parse(List.of(term))).isEqualTo(Map.of(parameter, value));
    }

    @Test
    void externalEndpointIsAddressAndPort() throws ClientException {
        assertThat(SessionQuery.parse(List.of("external", "[2001:db8::1]:40000")))
                .isEqualTo(Map.of("externalIp", "2001:db8::1", "port", "40000"));
    }

    @ParameterizedTest
    @CsvSource({
        "state,                              state (expected: connecting",
        "dst =,                              dst (expected: an address",
        "state established and,              and (expected: a term",
        "and state established,              and (expected: state",
        "state established or dst :1,        or (expected: terms that all hold",
        "not state established,              not (expected: terms that all hold",
        "dport https,                        dport https (expected: a port)",
        "dst :1 dport 2,                     dport :2 (expected: dst once)",
        "rate 5,                             rate (expected: state"
    })
    void whatIsNoFilterIsNamed(String words, String message) {
        assertThatThrownBy(() -> SessionQuery.parse(List.of(words)))
                .isInstanceOf(ClientException.class)
                .hasMessageStartingWith("filter: " + message);
    }
}
