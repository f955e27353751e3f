package dev.cgnat.proxy;

import static dev.cgnat.proxy.testing.Proxies.pool;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.core.Refusal;
import dev.cgnat.proxy.config.TransportKind;
import dev.cgnat.proxy.testing.NoLeaks;
import dev.cgnat.proxy.testing.Proxies;
import dev.cgnat.proxy.testing.Rig;
import dev.cgnat.proxy.testing.Sink;
import dev.cgnat.proxy.testing.SocksClient;
import dev.cgnat.proxy.testing.Tools;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Pool ports that other programs of the host hold. */
@ExtendWith(NoLeaks.class)
@ParameterizedClass
@EnumSource(
        value = TransportKind.class,
        names = {"AUTO", "IO_URING", "NIO"})
class ForeignSocketIT {
    private static final String ADDRESS = "127.0.10.70";

    private final TransportKind transport;

    ForeignSocketIT(TransportKind transport) {
        this.transport = transport;
        Tools.require(transport);
    }

    @Test
    void foreignPortsAreSetAsideAndTheOthersAreLent() throws Exception {
        try (Rig rig = Rig.start(Proxies.with(pool(ADDRESS, 20_000, 20_004)).transport(transport))) {
            rig.keep(foreign(20_001));
            rig.keep(foreign(20_003));
            Sink sink = rig.sink(Sink.echoing(), "127.0.0.2", "127.0.0.3");
            for (InetSocketAddress destination : sink.addresses()) {
                List<Integer> ports = new ArrayList<>();
                for (int i = 0; i < 5; i++) {
                    SocksClient flow = rig.socks(destination);
                    if (flow.isGranted()) {
                        ports.add(flow.bound().getPort());
                    } else {
                        assertThat(flow.code()).isEqualTo(SocksClient.GENERAL_FAILURE);
                    }
                }
                assertThat(ports).containsExactlyInAnyOrder(20_000, 20_002, 20_004);
            }
            assertThat(rig.pool().setAside()).isEqualTo(2);
            assertThat(rig.pairs().reserved()).isEqualTo(2);
            assertThat(rig.pool().refused()).containsEntry(Refusal.EXHAUSTED, 4L);
            assertThat(rig.pool().sessions()).isEqualTo(6);
        }
    }

    @Test
    void flowIsRefusedAfterTenForeignPorts() throws Exception {
        try (Rig rig = Rig.start(Proxies.with(pool(ADDRESS, 20_030, 20_044)).transport(transport))) {
            for (int port = 20_030; port <= 20_044; port++) {
                rig.keep(foreign(port));
            }
            Sink sink = rig.sink(Sink.echoing(), "127.0.0.2");
            assertThat(rig.socks(sink.address()).code()).isEqualTo(SocksClient.GENERAL_FAILURE);
            assertThat(rig.pool().setAside()).isEqualTo(10);
            assertThat(rig.pool().refused()).containsEntry(Refusal.EXHAUSTED, 0L);
            assertThat(metrics(rig))
                    .contains(
                            "cgn_port_allocation_failures_total{pool=\"main\",protocol=\"tcp\",reason=\"os_bind\",} 1.0");

            assertThat(rig.socks(sink.address()).code()).isEqualTo(SocksClient.GENERAL_FAILURE);
            assertThat(rig.pool().setAside()).isEqualTo(15);
            assertThat(rig.pool().refused()).containsEntry(Refusal.EXHAUSTED, 1L);
            assertThat(sink.connections()).isEmpty();
        }
    }

    /** A tuple that another program of the host has connected, on a port that it shares. */
    @Test
    void foreignTupleCostsThatTupleAlone() throws Exception {
        try (Rig rig = Rig.start(Proxies.with(pool(ADDRESS, 20_020, 20_020)).transport(transport))) {
            Sink sink = Sink.start(Sink.echoing(), "127.0.0.2", "127.0.0.3");
            try (Socket other = new Socket()) {
                other.setReuseAddress(true);
                other.bind(new InetSocketAddress(ADDRESS, 20_020));
                other.connect(sink.address());
                assertThat(rig.socks(sink.addresses().get(0)).isGranted()).isFalse();
                assertThat(rig.socks(sink.addresses().get(1)).isGranted()).isTrue();
                assertThat(rig.pool().setAside()).isOne();
            } finally {
                sink.close();
            }
        }
    }

    /** A socket that has the port for itself, as any program's that did not ask otherwise. */
    private static Socket foreign(int port) throws IOException {
        Socket socket = new Socket();
        socket.setReuseAddress(false);
        socket.bind(new InetSocketAddress(ADDRESS, port));
        return socket;
    }

    private static String metrics(Rig rig) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + rig.proxy().adminAddress().getPort() + "/metrics");
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
