package dev.cgnat.core.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses, endpoints, ranges and subscribers. */
class AddressTest {
    private static final IpAddress LOOPBACK = IpAddress.ofIpv4(127, 0, 0, 1);

    @Test
    void ipv4AndItsMappedFormAreOneAddress() throws UnknownHostException {
        IpAddress mapped = new IpAddress(0, 0xffff_7f00_0001L);
        assertThat(mapped).isEqualTo(LOOPBACK);
        assertThat(IpAddress.from(InetAddress.getByAddress(new byte[] {127, 0, 0, 1})))
                .isEqualTo(LOOPBACK);
        assertThat(LOOPBACK.isIpv4()).isTrue();
        assertThat(LOOPBACK).hasToString("127.0.0.1");
    }

    @Test
    void ipv6GoesThereAndBack() throws UnknownHostException {
        InetAddress address = InetAddress.getByName("2001:db8::ff");
        IpAddress ip = IpAddress.from(address);
        assertThat(ip.isIpv4()).isFalse();
        assertThat(ip.toInetAddress()).isEqualTo(address);
        assertThat(ip).isEqualTo(new IpAddress(0x2001_0db8_0000_0000L, 0xff));
    }

    @Test
    void orderIsNumericAndUnsigned() {
        assertThat(LOOPBACK).isLessThan(LOOPBACK.plus(1));
        assertThat(IpAddress.ofIpv4(10, 0, 0, 1)).isLessThan(IpAddress.ofIpv4(200, 0, 0, 1));
        assertThat(new IpAddress(1, 0)).isLessThan(new IpAddress(-1, 0)).isGreaterThan(new IpAddress(0, -1));
    }

    @Test
    void sumStaysInTheFamily() {
        assertThat(IpAddress.ofIpv4(10, 0, 0, 255).plus(1)).isEqualTo(IpAddress.ofIpv4(10, 0, 1, 0));
        assertThat(new IpAddress(1, -1).plus(1)).isEqualTo(new IpAddress(2, 0));
        assertThatThrownBy(() -> IpAddress.ofIpv4(255, 255, 255, 255).plus(1)).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> new IpAddress(-1, -1).plus(1)).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> LOOPBACK.plus(-1)).isInstanceOf(ArithmeticException.class);
    }

    @Test
    void partOutsideAByteIsRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IpAddress.ofIpv4(1, 2, 3, 256))
                .withMessage("part: 256 (expected: 0 to 255)");
    }

    /** The examples of RFC 5952, sections 4.2.1 to 4.2.3, and the ends of the range. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "2001:db8::2:1",
                "2001:db8:0:1:1:1:1:1",
                "2001:0:0:1::1",
                "2001:db8::1:0:0:1",
                "fe80::",
                "::1",
                "::"
            })
    void ipv6IsPrintedInItsCanonicalForm(String canonical) throws UnknownHostException {
        assertThat(IpAddress.from(InetAddress.getByName(canonical))).hasToString(canonical);
    }

    @Test
    void endpointsGoThereAndBack() {
        InetSocketAddress socket = new InetSocketAddress(LOOPBACK.toInetAddress(), 80);
        Endpoint endpoint = Endpoint.from(socket);
        assertThat(endpoint).hasToString("127.0.0.1:80");
        assertThat(endpoint.toInetSocketAddress()).isEqualTo(socket);
        assertThat(new Endpoint(new IpAddress(1, 1), 80)).hasToString("[::1:0:0:0:1]:80");
    }

    @Test
    void illegalEndpointsAreRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Endpoint(LOOPBACK, 65_536))
                .withMessage("port: 65536 (expected: 0 to 65535)");
        assertThatIllegalArgumentException().isThrownBy(() -> new Endpoint(LOOPBACK, -1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Endpoint.from(InetSocketAddress.createUnresolved("host", 1)))
                .withMessageContaining("a resolved address");
    }

    @Test
    void rangesHoldBothEnds() {
        AddressRange range = new AddressRange(LOOPBACK, LOOPBACK.plus(3));
        assertThat(range.size()).isEqualTo(4);
        assertThat(range.contains(LOOPBACK)).isTrue();
        assertThat(range.contains(LOOPBACK.plus(3))).isTrue();
        assertThat(range.contains(LOOPBACK.plus(4))).isFalse();
        assertThat(range).hasToString("127.0.0.1-127.0.0.4");
        assertThat(AddressRange.single(LOOPBACK)).hasToString("127.0.0.1");
        PortRange ports = new PortRange(10, 12);
        assertThat(ports.size()).isEqualTo(3);
        assertThat(ports.contains(10) && ports.contains(12)).isTrue();
        assertThat(ports.contains(9) || ports.contains(13)).isFalse();
        assertThat(ports).hasToString("10-12");
        assertThat(new PortRange(7, 7)).hasToString("7");
    }

    @Test
    void illegalRangesAreRejected() {
        assertThatIllegalArgumentException().isThrownBy(() -> new AddressRange(LOOPBACK.plus(1), LOOPBACK));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AddressRange(LOOPBACK, new IpAddress(1, 0)))
                .withMessageContaining("the family of 127.0.0.1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AddressRange(new IpAddress(1, 0), new IpAddress(1, Integer.MAX_VALUE)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AddressRange(new IpAddress(1, 0), new IpAddress(2, 0)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PortRange(5, 4))
                .withMessage("last: 4 (expected: 5 to 65535)");
        assertThatIllegalArgumentException().isThrownBy(() -> new PortRange(-1, 4));
        assertThatIllegalArgumentException().isThrownBy(() -> new PortRange(1, 65_536));
    }

    @Test
    void aSubscriberHasAName() {
        assertThat(new Subscriber("10.0.0.7")).hasToString("10.0.0.7");
        assertThatIllegalArgumentException().isThrownBy(() -> new Subscriber(""));
    }
}
