package dev.cgnat.proxy.egress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.proxy.testing.Proxies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostChecksTest {
    private static final PoolConfig POOL = Proxies.pool("127.0.1.1", "127.0.1.2", 32_000, 33_000);
    private static final String HEAD =
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid\n";

    @TempDir
    private Path proc;

    @Test
    void hostWithoutProcHasNothingToSay() {
        assertThat(warnings()).isEmpty();
    }

    @Test
    void portsThatTheKernelChoosesAreToldButForThoseThatAreReserved() throws Exception {
        write("sys/net/ipv4/ip_local_port_range", "32768\t60999\n");
        assertThat(warnings())
                .hasSize(1)
                .allMatch(line -> line.startsWith("pool main: ports 32768-33000 are also")
                        && line.contains("ip_local_reserved_ports=32768-33000"));

        write("sys/net/ipv4/ip_local_reserved_ports", "1,32768-32799,32900,33000-40000\n");
        assertThat(warnings())
                .hasSize(1)
                .allMatch(line -> line.startsWith("pool main: ports 32800-32899,32901-32999 are"));

        write("sys/net/ipv4/ip_local_reserved_ports", "32000-33000\n");
        assertThat(warnings()).isEmpty();
    }

    @Test
    void listenersOnPoolAddressesAndEverywhereAreTold() throws Exception {
        write(
                "net/tcp",
                HEAD
                        + "   0: 0101007F:7D01 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0\n" // 127.0.1.1
                        + "   1: 00000000:7D02 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0\n"
                        + "   2: 0301007F:7D03 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0\n" // 127.0.1.3
                        + "   3: 0101007F:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0\n"
                        + "   4: 0101007F:7D04 0101007F:0050 01 00000000:00000000 00:00000000 00000000     0\n");
        write(
                "net/tcp6",
                HEAD
                        + "   0: 00000000000000000000000000000000:7D05 00000000000000000000000000000000:0000 0A 0:0 0 0 0\n"
                        + "   1: 0000000000000000FFFF00000201007F:7D06 00000000000000000000000000000000:0000 0A 0:0 0 0 0\n"
                        + "   2: 00000000000000000000000001000000:7D07 00000000000000000000000000000000:0000 0A 0:0 0 0 0\n");

        assertThat(warnings())
                .hasSize(1)
                .allMatch(line -> line.startsWith("pool main: other programs listen on port ")
                        && line.endsWith("(expected: exclude-ports: [32001, 32002, 32005, 32006])"));
    }

    @Test
    void missingTimestampsAreTold() throws Exception {
        write("sys/net/ipv4/tcp_timestamps", "1\n");
        assertThat(warnings()).isEmpty();
        write("sys/net/ipv4/tcp_timestamps", "0\n");
        assertThat(warnings()).hasSize(1).allMatch(line -> line.startsWith("net.ipv4.tcp_timestamps is 0: "));
    }

    private List<String> warnings() {
        return new HostChecks(proc).warnings(List.of(POOL));
    }

    private void write(String file, String text) throws IOException {
        Path path = proc.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
