package dev.cgnat.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.proxy.testing.Namespace;
import dev.cgnat.proxy.testing.Tools;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Destinations to which there is no way, in a network where the test says so. */
class UnreachableIT {
    private static final String POOL = "10.9.3.1";
    private static final String GUARD_SECONDS = "60";

    /**
     * The destination; the reply of SOCKS5, the error in the words of HTTP. The connect timeout would be a day.
     */
    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 3, destination_ip_unroutable", // no route
        "10.9.4.1, 4, destination_ip_unroutable", // a route that says unreachable
        "10.9.5.1, 4, destination_ip_unroutable", // an ICMP error: host unreachable
        "10.9.5.2, 3, destination_ip_unroutable", // an ICMP error: network unreachable
        "10.9.5.3, 5, connection_refused" // a reset
    })
    @Tag("conformance-c17")
    void unreachableDestinationIsToldAtOnceAndNotAtTheConnectTimeout(String destination, String code, String error)
            throws Exception {
        Tools.require("curl");
        Tools.require("nft");
        try (Namespace namespace = Namespace.create()) {
            run(namespace, "ip", "address", "add", POOL + "/32", "dev", "lo");
            run(namespace, "ip", "address", "add", "10.9.5.0/29", "dev", "lo");
            run(namespace, "ip", "route", "add", "unreachable", "10.9.4.0/24");
            run(namespace, "nft", "add table ip fw");
            run(namespace, "nft", "add chain ip fw in { type filter hook input priority 0 ; policy accept ; }");
            run(namespace, "nft", "add rule ip fw in ip daddr 10.9.5.1 reject with icmp type host-unreachable");
            run(namespace, "nft", "add rule ip fw in ip daddr 10.9.5.2 reject with icmp type net-unreachable");
            try (RunningJar proxy = RunningJar.startIn(
                    namespace,
                    "run",
                    "--set",
                    "listeners=[{type: socks, bind: 127.0.0.1:1080}, {name: web, type: http-connect, bind: 127.0.0.1:3128}]",
                    "--set",
                    "pools.0.addresses=" + POOL,
                    "--set",
                    "timeouts.connect=1d")) {
                proxy.awaitError("metrics on http");
                assertThat(curl(namespace, "--socks5", "127.0.0.1:1080", "http://" + destination + "/"))
                        .containsPattern("\\(" + code + "\\)");
                assertThat(curl(namespace, "--proxytunnel", "--proxy", "127.0.0.1:3128", "http://" + destination + "/"))
                        .contains(error);
            }
        }
    }

    private static String curl(Namespace namespace, String... arguments) throws Exception {
        String[] command = new String[arguments.length + 5];
        System.arraycopy(new String[] {"curl", "--silent", "--verbose", "--max-time", GUARD_SECONDS}, 0, command, 0, 5);
        System.arraycopy(arguments, 0, command, 5, arguments.length);
        return output(namespace.process(command).redirectErrorStream(true).start());
    }

    private static void run(Namespace namespace, String... command) throws Exception {
        Process process = namespace.process(command).redirectErrorStream(true).start();
        String output = output(process);
        assertThat(process.exitValue())
                .as("%s: %s", String.join(" ", command), output)
                .isZero();
    }

    private static String output(Process process) throws IOException, InterruptedException {
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(Long.parseLong(GUARD_SECONDS) + 10, TimeUnit.SECONDS))
                .isTrue();
        return output;
    }
}
