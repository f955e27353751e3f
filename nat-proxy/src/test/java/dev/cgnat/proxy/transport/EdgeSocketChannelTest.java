package dev.cgnat.proxy.transport;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.cgnat.proxy.config.TransportKind;
import dev.cgnat.proxy.testing.NoLeaks;
import dev.cgnat.proxy.testing.Tools;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An accepted channel against a socket of the JDK. */
@ExtendWith(NoLeaks.class)
class EdgeSocketChannelTest {
    private static final Duration GUARD = Duration.ofMinutes(1);
    private static final int MIB = 1024 * 1024;

    private final Recorder recorder = new Recorder();
    private final CompletableFuture<SocketChannel> accepted = new CompletableFuture<>();
    private EventLoopGroup loops;
    private ServerSocketChannel listener;
    private Socket peer;
    private SocketChannel channel;

    @BeforeEach
    void connect() throws Exception {
        Tools.require(TransportKind.EPOLL);
        Transport transport = Transport.of(TransportKind.EPOLL);
        loops = transport.newEventLoops(1, "edge-test");
        listener = (ServerSocketChannel) new ServerBootstrap()
                .group(loops)
                .channel(transport.serverChannel())
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.AUTO_READ, false)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel child) {
                        child.pipeline().addLast(recorder);
                        accepted.complete(child);
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .sync()
                .channel();
        peer = new Socket(
                InetAddress.getLoopbackAddress(), listener.localAddress().getPort());
        peer.setSoTimeout((int) GUARD.toMillis());
        channel = accepted.get(GUARD.toSeconds(), TimeUnit.SECONDS);
    }

    @AfterEach
    void everythingEnds() throws Exception {
        peer.close();
        channel.close().sync();
        listener.close().sync();
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
    }

    @Test
    void nothingIsReadThatWasNotAskedFor() throws Exception {
        peer.getOutputStream().write("abc".getBytes(US_ASCII));
        peer.shutdownOutput();
        channel.eventLoop().submit(() -> {}).sync();
        assertThat(recorder.text()).isEmpty();
        channel.read();
        await().atMost(GUARD).until(() -> recorder.text().equals("abc"));
        channel.read();
        await().atMost(GUARD).until(() -> recorder.ended);
    }

    /** The kernel cuts a read short at an urgent mark, though more is there. */
    @Test
    void urgentByteCostsNoneOfTheOthers() throws Exception {
        peer.getOutputStream().write("before".getBytes(US_ASCII));
        peer.sendUrgentData('!');
        peer.getOutputStream().write("behind".getBytes(US_ASCII));
        peer.shutdownOutput();
        channel.config().setAutoRead(true);
        await().atMost(GUARD).until(() -> recorder.ended);
        assertThat(recorder.text()).isEqualTo("beforebehind");
    }

    @Test
    void finWithTheLastBytesEndsTheInputBehindThem() throws Exception {
        channel.config().setAutoRead(true);
        byte[] data = new byte[3 * MIB];
        new Random(1).nextBytes(data);
        peer.getOutputStream().write(data);
        peer.shutdownOutput();
        await().atMost(GUARD).until(() -> recorder.ended);
        assertThat(recorder.bytes()).isEqualTo(data);
        assertThat(channel.isInputShutdown()).isTrue();
        assertThat(channel.isActive()).isTrue();
    }

    @Test
    void bytesBeforeAResetArriveBeforeIt() throws Exception {
        peer.getOutputStream().write("last words".getBytes(US_ASCII));
        peer.setSoLinger(true, 0);
        peer.close();
        await().atMost(GUARD).until(() -> recorder.failure != null);
        assertThat(recorder.text()).isEqualTo("last words");
        assertThat(SocketError.of(Objects.requireNonNull(recorder.failure))).isEqualTo(SocketError.RESET);
    }

    @Test
    void resetBehindAFinIsNoticedThoughNothingIsReadAnyMore() throws Exception {
        channel.config().setAutoRead(true);
        peer.shutdownOutput();
        await().atMost(GUARD).until(() -> recorder.ended);
        peer.setSoLinger(true, 0);
        peer.close();
        await().atMost(GUARD).until(() -> recorder.failure != null);
        assertThat(SocketError.of(Objects.requireNonNull(recorder.failure))).isEqualTo(SocketError.RESET);
    }

    @Test
    void slowReaderGetsAllThatWasWrittenAndThenTheFin() throws Exception {
        byte[] data = new byte[16 * MIB];
        new Random(2).nextBytes(data);
        channel.writeAndFlush(Unpooled.wrappedBuffer(data)).addListener(written -> channel.shutdownOutput());
        InputStream in = peer.getInputStream();
        assertThat(Arrays.equals(in.readAllBytes(), data)).isTrue();
        assertThat(channel.isOutputShutdown()).isTrue();
        assertThat(channel.isActive()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 536, 537, 100_000})
    void anAnswerOfManyWritesArrivesAtOnce(int size) throws Exception {
        for (int i = 0; i < 3; i++) {
            channel.write(Unpooled.copiedBuffer(new byte[size]));
        }
        channel.flush();
        assertThat(peer.getInputStream().readNBytes(3 * size)).hasSize(3 * size);
        assertThat(channel.config().isTcpNoDelay()).isTrue();
    }

    @Test
    void optionsReachTheKernel() {
        channel.config().setOption(EpollChannelOption.TCP_USER_TIMEOUT, 1_234);
        channel.config().setKeepAlive(true);
        assertThat(channel.config().getOption(EpollChannelOption.TCP_USER_TIMEOUT))
                .isEqualTo(1_234);
        assertThat(channel.config().getOption(ChannelOption.SO_KEEPALIVE)).isTrue();
        assertThat(channel.config().setOption(EpollChannelOption.UDP_GRO, true)).isFalse();
    }

    /** Its descriptor may be another socket's by then. */
    @Test
    void closedChannelTakesNoOptions() throws Exception {
        channel.close().sync();
        assertThatThrownBy(() -> channel.config().setSoLinger(0)).isInstanceOf(ChannelException.class);
        assertThat(channel.isActive()).isFalse();
    }

    @Test
    void addressesAreThoseOfTheConnection() {
        assertThat(channel.remoteAddress()).isEqualTo(peer.getLocalSocketAddress());
        assertThat(channel.localAddress()).isEqualTo(peer.getRemoteSocketAddress());
    }

    private static final class Recorder extends ChannelInboundHandlerAdapter {
        private final java.io.ByteArrayOutputStream received = new java.io.ByteArrayOutputStream();
        private volatile boolean ended;
        private volatile @Nullable Throwable failure;

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) throws IOException {
            ByteBuf bytes = (ByteBuf) message;
            synchronized (received) {
                bytes.readBytes(received, bytes.readableBytes());
            }
            bytes.release();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            ended |= event instanceof ChannelInputShutdownEvent;
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            failure = cause;
        }

        byte[] bytes() {
            synchronized (received) {
                return received.toByteArray();
            }
        }

        String text() {
            return new String(bytes(), StandardCharsets.US_ASCII);
        }
    }
}
