package dev.cgnat.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class LocalAddressesTest {
    private final Predicate<InetAddress> isLocal = LocalAddresses.ofThisMachine();

    @Test
    void addressesOfInterfacesAreLocalAndDocumentationAddressesAreNot() throws Exception {
        List<InetAddress> own = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .toList();

        assertThat(own).isNotEmpty().allMatch(isLocal);
        assertThat(isLocal.test(InetAddress.getByName("203.0.113.7"))).isFalse(); // RFC 5737 TEST-NET-3
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void allOfLoopbackIsLocalOnLinux() throws Exception {
        assertThat(isLocal.test(InetAddress.getByName("127.200.3.4"))).isTrue();
    }
}
