package dev.cgnat.proxy.egress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.proxy.config.TransportKind;
import dev.cgnat.proxy.testing.Tools;
import dev.cgnat.proxy.transport.SocketError;
import dev.cgnat.proxy.transport.Transport;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoopGroup;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What both transports say when the kernel says no. */
class ConnectFailureTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    @ParameterizedTest
    @EnumSource(value = TransportKind.class, mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
    void closedPortRefuses(TransportKind kind) throws Exception {
        InetSocketAddress closed;
        try (ServerSocket socket = new ServerSocket(0, 1, LOOPBACK)) {
            closed = (InetSocketAddress) socket.getLocalSocketAddress();
        }
        Throwable cause = inLoop(kind, bootstrap -> bootstrap.connect(closed));
        assertThat(ConnectFailure.of(cause)).isEqualTo(ConnectFailure.REFUSED);
    }

    @ParameterizedTest
    @EnumSource(value = TransportKind.class, mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
    void addressWithoutRouteIsUnreachable(TransportKind kind) throws Exception {
        // From a loopback address there is no way to anywhere else: EINVAL or ENETUNREACH, by kernel.
        Throwable cause = inLoop(kind, bootstrap -> bootstrap.connect(at("192.0.2.1", 9), at("127.0.0.1", 0)));
        assertThat(ConnectFailure.of(cause)).isIn(ConnectFailure.NETWORK_UNREACHABLE, ConnectFailure.HOST_UNREACHABLE);
    }

    @ParameterizedTest
    @EnumSource(value = TransportKind.class, mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
    void portOfAListenerIsInUse(TransportKind kind) throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, LOOPBACK)) {
            Throwable cause =
                    inLoop(kind, bootstrap -> bootstrap.register().channel().bind(listener.getLocalSocketAddress()));
            assertThat(SocketError.of(cause)).isEqualTo(SocketError.ADDRESS_IN_USE);
        }
    }

    @ParameterizedTest
    @EnumSource(value = TransportKind.class, mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
    void addressOfAnotherHostIsNotAvailable(TransportKind kind) throws Exception {
        Throwable cause =
                inLoop(kind, bootstrap -> bootstrap.register().channel().bind(at("192.0.2.1", 0)));
        assertThat(SocketError.of(cause)).isEqualTo(SocketError.ADDRESS_NOT_AVAILABLE);
    }

    @ParameterizedTest
    @EnumSource(value = TransportKind.class, mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
    void takenFourTupleIsNotAvailable(TransportKind kind) throws Exception {
        Tools.require(kind);
        Transport transport = Transport.of(kind);
        EventLoopGroup loops = transport.newEventLoops(1, "connect-failure-test");
        try (ServerSocket listener = new ServerSocket(0, 10, LOOPBACK)) {
            ChannelFuture first = bootstrap(transport, loops)
                    .connect(listener.getLocalSocketAddress(), at("127.0.0.1", 0))
                    .sync();
            Throwable cause = bootstrap(transport, loops)
                    .connect(listener.getLocalSocketAddress(), first.channel().localAddress())
                    .await()
                    .cause();
            first.channel().close().sync();
            assertThat(SocketError.of(Objects.requireNonNull(cause))).isEqualTo(SocketError.ADDRESS_NOT_AVAILABLE);
        } finally {
            loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
        }
    }

    @Test
    void kernelsWordsDecideWhereTheTypeDoesNot() {
        assertThat(ConnectFailure.of(new ConnectTimeoutException("connection timed out after 10000 ms")))
                .isEqualTo(ConnectFailure.TIMEOUT);
        assertThat(ConnectFailure.of(new IOException("connect(..) failed: Connection timed out")))
                .isEqualTo(ConnectFailure.TIMEOUT);
        assertThat(ConnectFailure.of(new NoRouteToHostException("connect(..) failed: Network is unreachable")))
                .isEqualTo(ConnectFailure.NETWORK_UNREACHABLE);
        assertThat(ConnectFailure.of(new NoRouteToHostException("No route to host")))
                .isEqualTo(ConnectFailure.HOST_UNREACHABLE);
        assertThat(ConnectFailure.of(new UnknownHostException("nowhere.invalid")))
                .isEqualTo(ConnectFailure.NAME_NOT_RESOLVED);
    }

    private static Throwable inLoop(TransportKind kind, Call call) throws Exception {
        Tools.require(kind);
        Transport transport = Transport.of(kind);
        EventLoopGroup loops = transport.newEventLoops(1, "connect-failure-test");
        try {
            ChannelFuture future = call.on(bootstrap(transport, loops)).await();
            return Objects.requireNonNull(future.cause());
        } finally {
            loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
        }
    }

    private static InetSocketAddress at(String address, int port) {
        return new InetSocketAddress(NetUtil.createInetAddressFromIpAddressString(address), port);
    }

    private static Bootstrap bootstrap(Transport transport, EventLoopGroup loops) {
        return new Bootstrap()
                .group(loops)
                .channel(transport.channel())
                .option(ChannelOption.SO_REUSEADDR, true)
                .handler(new ChannelInboundHandlerAdapter());
    }

    private interface Call {
        ChannelFuture on(Bootstrap bootstrap);
    }
}
