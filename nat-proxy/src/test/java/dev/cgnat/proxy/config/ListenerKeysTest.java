package dev.cgnat.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.proxy.config.ListenerConfig.ProxyHeader;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Transparent listeners and the PROXY protocol. */
class ListenerKeysTest {
    @Test
    void transparentListenersAreRead() throws ConfigException {
        ProxyConfig config = load("""
                listeners:
                  - { type: tproxy, bind: "127.0.0.1:15001" }
                  - { type: redirect, bind: "[::]:15002" }
                acl: { allow-sources: 10.0.0.0/8 }
                """);

        assertThat(config.listeners())
                .extracting(ListenerConfig::type)
                .containsExactly(ListenerConfig.Type.TPROXY, ListenerConfig.Type.REDIRECT);
        assertThat(config.listeners()).extracting(ListenerConfig::isLoopback).containsExactly(false, false);
    }

    @Test
    void keysOfTheProxyProtocolAreRead() throws ConfigException {
        ProxyConfig config = load("""
                listeners:
                  - { type: socks, bind: "127.0.0.1:1", proxy-protocol: accept, trusted-proxies: [192.0.2.0/24, 2001:db8::1] }
                  - { type: forward, bind: "127.0.0.1:2", target: "a:1", send-proxy-protocol: v2 }
                """);

        assertThat(config.listeners().get(0).trustedProxies())
                .extracting(IPAddress::toCanonicalString)
                .containsExactly("192.0.2.0/24", "2001:db8::1");
        assertThat(config.listeners().get(1).sendProxyProtocol()).isEqualTo(ProxyHeader.V2);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            listeners: [{ type: tproxy, bind: "127.0.0.1:1" }] | 1:35: error: listeners[0].bind: 127.0.0.1:1 (expected: with acl.allow-sources that says who may use it, as TPROXY brings clients from everywhere)
            listeners: [{ type: redirect, bind: "[::]:1" }] | 1:37: error: listeners[0].bind: [::]:1 (expected: a loopback address, or acl.allow-sources that says who may use it)
            listeners: [{ type: redirect, bind: "127.0.0.1:1", target: "a:1" }] | 1:60: error: listeners[0].target: not for type redirect (expected: with type forward only)
            { transport: nio, listeners: [{ type: redirect, bind: "127.0.0.1:1" }] } | 1:39: error: listeners[0].type: redirect (expected: transport auto, epoll or io-uring, as nio cannot serve it)
            { transport: nio, acl: { allow-sources: "::/0" }, listeners: [{ type: tproxy, bind: "127.0.0.1:1" }] } | 1:71: error: listeners[0].type: tproxy (expected: transport auto, epoll or io-uring, as nio cannot serve it)
            listeners: [{ type: redirect, bind: "127.0.0.1:1", proxy-protocol: accept, trusted-proxies: 192.0.2.1 }] | 1:68: error: listeners[0].proxy-protocol: accept (expected: none with type redirect)
            listeners: [{ type: redirect, bind: "127.0.0.1:1", send-proxy-protocol: v1 }] | 1:73: error: listeners[0].send-proxy-protocol: v1 (expected: with type forward only)
            listeners: [{ type: socks, bind: "127.0.0.1:1", send-proxy-protocol: v1 }] | 1:70: error: listeners[0].send-proxy-protocol: v1 (expected: with type forward only)
            listeners: [{ type: forward, target: "a:1", bind: "127.0.0.1:1", send-proxy-protocol: v3 }] | 1:87: error: listeners[0].send-proxy-protocol: v3 (expected: none, v1 or v2)
            listeners: [{ type: socks, bind: "127.0.0.1:1", proxy-protocol: accept }] | 1:65: error: listeners[0].proxy-protocol: accept (expected: with trusted-proxies, whose headers are believed)
            listeners: [{ type: socks, bind: "127.0.0.1:1", proxy-protocol: accept, trusted-proxies: [] }] | 1:65: error: listeners[0].proxy-protocol: accept (expected: with trusted-proxies, whose headers are believed)
            listeners: [{ type: socks, bind: "127.0.0.1:1", trusted-proxies: 192.0.2.1 }] | 1:66: error: listeners[0].trusted-proxies: without effect (expected: with proxy-protocol: accept only)
            listeners: [{ type: socks, bind: "127.0.0.1:1", proxy-protocol: none, trusted-proxies: [192.0.2.1] }] | 1:88: error: listeners[0].trusted-proxies: without effect (expected: with proxy-protocol: accept only)
            listeners: [{ type: socks, bind: "127.0.0.1:1", proxy-protocol: acept, trusted-proxies: 192.0.2.1 }] | 1:65: error: listeners[0].proxy-protocol: acept (expected: none or accept)
            listeners: [{ type: socks, bind: "127.0.0.1:1", proxy-protocol: accept, trusted-proxies: all }] | 1:90: error: listeners[0].trusted-proxies: all (expected: an address or prefix such as 10.0.0.0/8)
            """)
    void mistakesHaveTheirPlaceAndSayWhatIsExpected(String text, String expected) {
        assertThat(catchThrowableOfType(ConfigException.class, () -> load(text)).problems())
                .extracting(ConfigProblem::toString)
                .containsExactly("cgnat.yaml:" + expected);
    }

    @Test
    void usersOfTheRecordsAreToldToo() {
        Endpoint bind = new Endpoint(IpAddress.ofIpv4(127, 0, 0, 1), 0);
        ListenerConfig tproxy = new ListenerConfig("a", ListenerConfig.Type.TPROXY, bind, Optional.empty(), "main");

        assertThatThrownBy(() -> tproxy.withTrustedProxies(List.of(new IPAddressString("::1").getAddress())))
                .hasMessageStartingWith("trusted-proxies: [::1] (expected: none");
        assertThatThrownBy(() -> tproxy.withSendProxyProtocol(ProxyHeader.V1))
                .hasMessage("send-proxy-protocol: V1 (expected: with type forward only)");
    }

    private static ProxyConfig load(String text) throws ConfigException {
        return ConfigLoader.parse(text, "cgnat.yaml", Optional.empty(), List.of(), address -> true)
                .config();
    }
}
