package dev.cgnat.proxy;

import static dev.cgnat.proxy.testing.Proxies.pool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cgnat.proxy.config.TransportKind;
import dev.cgnat.proxy.testing.NoLeaks;
import dev.cgnat.proxy.testing.Proxies;
import dev.cgnat.proxy.testing.Rig;
import dev.cgnat.proxy.testing.SocksClient;
import dev.cgnat.proxy.testing.Wire;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What clients that do not read cost the proxy, however much the servers send. */
@ExtendWith(NoLeaks.class)
class SlowReaderIT {
    private static final int FLOWS = 200;
    private static final long KIB = 1024;
    /** RelayHandler reads on when all was written: what one read takes, and one more that a FIN may cause. */
    private static final long BUFFERED_PER_FLOW = 2 * 256 * KIB;
    /** The allocator takes memory in chunks, for each thread apart. */
    private static final long CHUNKS = 32 * KIB * KIB;

    private static final int SMALL = 32 * 1024;
    private static final int QUIET_ROUNDS = 10;

    @ParameterizedTest
    @EnumSource(
            value = TransportKind.class,
            names = {"AUTO", "NIO"})
    void twoHundredClientsThatDoNotReadCostABufferEach(TransportKind transport) throws Exception {
        Proxies proxies = Proxies.with(pool("127.0.13.60", 20_000, 20_999)).transport(transport);
        try (Rig rig = Rig.start(proxies);
                ServerSocketChannel listener = ServerSocketChannel.open()) {
            listener.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.2"), 0), FLOWS);
            InetSocketAddress destination = (InetSocketAddress) listener.getLocalAddress();
            long before = directMemory();
            List<SocketChannel> servers = new ArrayList<>();
            for (int i = 0; i < FLOWS; i++) {
                SocksClient flow = rig.socks(destination);
                assertThat(flow.isGranted()).isTrue();
                flow.wire().socket().setReceiveBufferSize(SMALL); // else the kernel's buffers take gigabytes
                SocketChannel server = listener.accept();
                server.setOption(StandardSocketOptions.SO_SNDBUF, SMALL);
                servers.add(server);
            }
            sendUntilNothingMoves(servers, FLOWS * 512 * KIB);
            assertThat(directMemory() - before).isLessThan(FLOWS * BUFFERED_PER_FLOW + CHUNKS);

            for (SocketChannel server : servers) {
                server.shutdownOutput();
            }
            assertThat(rig.pool().sessions()).isEqualTo(FLOWS);
            assertThat(directMemory() - before).isLessThan(FLOWS * BUFFERED_PER_FLOW + CHUNKS);
            for (SocketChannel server : servers) {
                server.close();
            }
        }
    }

    /** Each flow has filled the buffers of its sockets then: no less than {@code least} goes, however busy the machine is. */
    private static void sendUntilNothingMoves(List<SocketChannel> servers, long least) throws IOException {
        for (SocketChannel server : servers) {
            server.configureBlocking(false);
        }
        ByteBuffer some = ByteBuffer.allocateDirect(64 * 1024);
        long[] sent = new long[1];
        int[] quiet = new int[1];
        await("the relay to read no more")
                .pollInterval(Duration.ofMillis(30))
                .atMost(Wire.GUARD)
                .until(() -> {
                    long went = 0;
                    for (SocketChannel server : servers) {
                        for (int written = -1; written != 0; went += written) {
                            written = server.write(some.clear());
                        }
                    }
                    sent[0] += went;
                    quiet[0] = went == 0 ? quiet[0] + 1 : 0;
                    return quiet[0] >= QUIET_ROUNDS && sent[0] > least;
                });
    }

    private static long directMemory() {
        return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT)
                .metric()
                .usedDirectMemory();
    }
}
