package dev.cgnat.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import inet.ipaddr.IPAddressString;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class SourcesTest {
    @Test
    void listOfNobodyRestrictsNobody() {
        assertThat(new Sources(List.of()).allow(new InetSocketAddress("192.0.2.1", 1)))
                .isTrue();
    }

    @Test
    void ipv4SourceIsKnownInItsMappedForm() throws IOException {
        Sources sources = new Sources(List.of(new IPAddressString("10.0.0.0/8").getAddress()));
        byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 10, 1, 2, 3};
        InetAddress asIpv6 = Inet6Address.getByAddress("mapped", mapped, 0);
        assertThat(asIpv6).isInstanceOf(Inet6Address.class);
        assertThat(sources.allow(new InetSocketAddress(asIpv6, 1))).isTrue();
        assertThat(sources.allow(new InetSocketAddress("11.1.2.3", 1))).isFalse();
        assertThat(sources.allow(new InetSocketAddress("2001:db8::1", 1))).isFalse();
    }
}
