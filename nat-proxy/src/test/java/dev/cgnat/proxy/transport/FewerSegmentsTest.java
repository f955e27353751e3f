package dev.cgnat.proxy.transport;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cgnat.proxy.config.TransportKind;
import dev.cgnat.proxy.testing.NoLeaks;
import dev.cgnat.proxy.testing.Tools;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.unix.RawUnixChannelOption;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** As the kernel counts segments. */
@ExtendWith(NoLeaks.class)
class FewerSegmentsTest {
    private static final Duration GUARD = Duration.ofMinutes(1);
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();

    /** u32 tcpi_segs_out of linux/tcp.h. */
    private static final int SEGS_OUT = 136;

    private static final ChannelOption<ByteBuffer> TCP_INFO = new RawUnixChannelOption("TCP_INFO", 6, 11, SEGS_OUT + 4);

    private Transport transport;
    private EventLoopGroup loops;

    @BeforeEach
    void start() {
        Tools.require(TransportKind.EPOLL);
        transport = Transport.of(TransportKind.EPOLL);
        loops = transport.newEventLoops(1, "segments-test");
    }

    @AfterEach
    void stop() throws Exception {
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
    }

    @Test
    void finGoesWithTheLastBytesThatWereRead() throws Exception {
        Echo echo = new Echo();
        Channel listener = new ServerBootstrap()
                .group(loops)
                .channel(transport.serverChannel())
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.AUTO_READ, false)
                .childHandler(echo)
                .bind(HERE, 0)
                .sync()
                .channel();
        try (Socket peer = new Socket(HERE, ((InetSocketAddress) listener.localAddress()).getPort())) {
            peer.setSoTimeout((int) GUARD.toMillis());
            Channel channel = echo.active.get(GUARD.toSeconds(), TimeUnit.SECONDS);
            peer.getOutputStream().write("last words".getBytes(US_ASCII));
            peer.shutdownOutput();
            // Not in the turn that runs now, which may have asked the kernel before the FIN came.
            channel.eventLoop().schedule(channel::read, 20, TimeUnit.MILLISECONDS);
            assertThat(peer.getInputStream().readAllBytes()).isEqualTo("last words".getBytes(US_ASCII));
            await().atMost(GUARD).until(() -> echo.segments.size() == 3); // the FIN is heard before it is noted
            assertThat(echo.segments.get(1)).as("held back").isEqualTo(echo.segments.get(0));
            assertThat(echo.segments.get(2)).as("with the FIN").isEqualTo(echo.segments.get(0) + 1);
            channel.close().sync();
        } finally {
            listener.close().sync();
        }
    }

    /** Unless the loop comes too late, after some 200 ms: then the kernel has acknowledged it by itself. */
    @Test
    void firstDataAcknowledgeTheSynWhenTheyFollow() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, HERE)) {
            List<List<Integer>> attempts = new ArrayList<>();
            await().atMost(GUARD).untilAsserted(() -> {
                attempts.add(segmentsBeforeAndBehindTheFirstData(server));
                assertThat(attempts).as("the SYN alone, and then the data").contains(List.of(1, 2));
            });
        }
    }

    private List<Integer> segmentsBeforeAndBehindTheFirstData(ServerSocket server) throws Exception {
        Channel channel = new Bootstrap()
                .group(loops)
                .channel(transport.channel())
                .handler(new ChannelInboundHandlerAdapter())
                .register()
                .sync()
                .channel();
        FewerSegments.dataFollows(channel);
        CompletableFuture<List<Integer>> segments = new CompletableFuture<>();
        channel.connect(server.getLocalSocketAddress()).addListener(connected -> {
            int before = segmentsOut(channel);
            channel.writeAndFlush(Unpooled.copiedBuffer("hello", US_ASCII));
            segments.complete(List.of(before, segmentsOut(channel)));
        });
        try (Socket accepted = server.accept()) {
            accepted.setSoTimeout((int) GUARD.toMillis());
            assertThat(accepted.getInputStream().readNBytes(5)).isEqualTo("hello".getBytes(US_ASCII));
        } finally {
            channel.close().sync();
        }
        return segments.get(GUARD.toSeconds(), TimeUnit.SECONDS);
    }

    private static int segmentsOut(Channel channel) {
        return channel.config()
                .getOption(TCP_INFO)
                .order(ByteOrder.nativeOrder())
                .getInt(SEGS_OUT);
    }

    /** Passes back what comes, as a relay does, and notes how many segments had been sent before, behind it, and behind the FIN. */
    private static final class Echo extends ChannelInboundHandlerAdapter {
        private final CompletableFuture<Channel> active = new CompletableFuture<>();
        private final List<Integer> segments = new CopyOnWriteArrayList<>();

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            active.complete(ctx.channel());
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            segments.add(segmentsOut(ctx.channel()));
            FewerSegments.endFollows(ctx.channel(), ctx.channel());
            ctx.writeAndFlush(message);
            segments.add(segmentsOut(ctx.channel()));
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                ((SocketChannel) ctx.channel()).shutdownOutput();
                segments.add(segmentsOut(ctx.channel()));
            }
        }
    }
}
