package dev.cgnat.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.PortRange;
import dev.cgnat.proxy.testing.Proxies;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DestinationRulesTest {
    private static final AccessConfig NONE = AccessConfig.defaults();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0.1.2.3                                 | 0.0.0.0/8
            127.0.0.1                               | 127.0.0.0/8
            127.255.255.255                         | 127.0.0.0/8
            169.254.169.254                         | 169.254.0.0/16
            100.100.100.200                         | 100.100.100.200
            168.63.129.16                           | 168.63.129.16
            192.0.0.192                             | 192.0.0.192
            224.0.0.1                               | 224.0.0.0/4
            239.255.255.255                         | 224.0.0.0/4
            240.0.0.1                               | 240.0.0.0/4
            255.255.255.255                         | 240.0.0.0/4
            ::                                      | ::
            ::1                                     | ::1
            fe80::1                                 | fe80::/10
            febf::1                                 | fe80::/10
            fec0::1                                 | fec0::/10
            ff02::1                                 | ff00::/8
            fd00:ec2::254                           | fd00:ec2::254
            fd20:ce::254                            | fd20:ce::254
            ::ffff:127.0.0.1                        | 127.0.0.0/8
            ::127.0.0.1                             | 127.0.0.0/8
            ::ffff:0:169.254.169.254                | 169.254.0.0/16
            64:ff9b::169.254.169.254                | 169.254.0.0/16
            64:ff9b::7f00:1                         | 127.0.0.0/8
            64:ff9b:1::169.254.169.254              | 169.254.0.0/16
            64:ff9b:1:a9fe:a9:fe00::                | 169.254.0.0/16
            2002:7f00:1::1                          | 127.0.0.0/8
            2002:a9fe:a9fe::                        | 169.254.0.0/16
            2001:0:102:304::5601:5601               | 169.254.0.0/16
            """)
    void deniesByDefaultWhatBelongsToTheHostOrItsLinkInEverySpelling(String address, String prefix) {
        assertThat(new DestinationRules(NONE, true).denial(at(address), false))
                .contains(prefix + " is denied by default");
        assertThat(new DestinationRules(NONE, true).denial(at(address), true)).isEmpty();
        assertThat(new DestinationRules(NONE, false).denial(at(address), false)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.0.0.0",
                "10.0.0.1",
                "126.255.255.255",
                "128.0.0.0",
                "169.253.255.255",
                "169.255.0.0",
                "192.168.1.1",
                "223.255.255.255",
                "100.100.100.201",
                "2001:db8::1",
                "fd00::1",
                "64:ff9b::8.8.8.8",
                "2002:808:808::1",
                "2001:0:102:304::f7f7:f7f7"
            })
    void letsEverythingElseThrough(String address) {
        assertThat(new DestinationRules(NONE, true).denial(at(address), false)).isEmpty();
    }

    @Test
    void exceptionsHoldForTheDefaultsAlone() {
        AccessConfig access = new AccessConfig(
                List.of(),
                Proxies.prefixes("127.0.0.2", "10.0.0.0/8", "2001:db8::/32"),
                Proxies.prefixes("127.0.0.0/8", "10.1.0.0/16"),
                List.of());
        DestinationRules rules = new DestinationRules(access, true);

        assertThat(rules.denial(at("127.0.0.1"), false)).isEmpty();
        assertThat(rules.denial(at("64:ff9b::127.0.0.1"), false)).isEmpty();
        assertThat(rules.denial(at("127.0.0.2"), false)).contains("acl.deny-destinations 127.0.0.2");
        assertThat(rules.denial(at("127.0.0.2"), true)).contains("acl.deny-destinations 127.0.0.2");
        assertThat(rules.denial(at("10.1.2.3"), false)).contains("acl.deny-destinations 10.0.0.0/8");
        assertThat(rules.denial(at("::ffff:10.1.2.3"), false)).contains("acl.deny-destinations 10.0.0.0/8");
        assertThat(rules.denial(at("64:ff9b::10.1.2.3"), false)).contains("acl.deny-destinations 10.0.0.0/8");
        assertThat(rules.denial(at("2001:db8:1::1"), false)).contains("acl.deny-destinations 2001:db8::/32");
        assertThat(rules.denial(at("2001:db9::1"), false)).isEmpty();
    }

    @Test
    void portsThatAreNotListedAreDeniedToEverybody() {
        AccessConfig access = new AccessConfig(
                List.of(), List.of(), List.of(), List.of(new PortRange(80, 80), new PortRange(8000, 8999)));
        DestinationRules rules = new DestinationRules(access, false);

        assertThat(rules.denial(at("192.0.2.1", 80), false)).isEmpty();
        assertThat(rules.denial(at("192.0.2.1", 8999), false)).isEmpty();
        assertThat(rules.denial(at("192.0.2.1", 81), false)).contains("acl.allow-ports");
        assertThat(rules.denial(at("192.0.2.1", 9000), true)).contains("acl.allow-ports");
    }

    private static Endpoint at(String address) {
        return at(address, 443);
    }

    private static Endpoint at(String address, int port) {
        return new Endpoint(Proxies.address(address), port);
    }
}
