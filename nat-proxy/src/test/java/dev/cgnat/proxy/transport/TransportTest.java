package dev.cgnat.proxy.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.proxy.config.TransportKind;
import dev.cgnat.proxy.testing.Tools;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransportTest {
    /** By measurement: nat-proxy/README.md tells the figures. */
    @Test
    void autoIsEpollWhereThereIsOneEvenIfThereIsIoUring() {
        assertThat(Transport.best().label()).isEqualTo(Epoll.isAvailable() ? "epoll" : "nio");
    }

    @ParameterizedTest
    @CsvSource({"EPOLL, epoll", "IO_URING, io_uring", "NIO, nio"})
    void eachTransportOpensChannelsThatItsLoopsTake(TransportKind kind, String label) throws Exception {
        Tools.require(kind);
        Transport transport = Transport.of(kind);
        assertThat(transport.label()).isEqualTo(label);
        EventLoopGroup loops = transport.newEventLoops(1, "transport-test");
        try {
            for (SocketProtocolFamily family :
                    new SocketProtocolFamily[] {SocketProtocolFamily.INET, SocketProtocolFamily.INET6}) {
                SocketChannel channel = transport.newChannel(family);
                assertThat(loops.register(channel).await().isSuccess()).isTrue();
                channel.close().sync();
            }
        } finally {
            loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
        }
    }
}
