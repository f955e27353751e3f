package dev.cgnat.proxy.transport;

import dev.cgnat.proxy.config.TcpConfig;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.unix.IntegerUnixChannelOption;
import java.util.ArrayList;
import java.util.List;
import jdk.net.ExtendedSocketOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the kernel is asked to do for each leg of a flow. Costs two system calls a leg for the keep-alive and one for the user
 * timeout; nothing for what is not configured.
 */
public final class TcpOptions {
    private static final Logger LOG = LoggerFactory.getLogger(TcpOptions.class);

    /** By linux/tcp.h, as epoll and io_uring are Linux's alone. */
    private static final int IPPROTO_TCP = 6;

    private static final ChannelOption<Integer> TCP_KEEPIDLE =
            new IntegerUnixChannelOption("CGNAT_TCP_KEEPIDLE", IPPROTO_TCP, 4);
    private static final ChannelOption<Integer> TCP_USER_TIMEOUT =
            new IntegerUnixChannelOption("CGNAT_TCP_USER_TIMEOUT", IPPROTO_TCP, 18);

    private final List<Setting<?>> settings = new ArrayList<>();

    private record Setting<T>(ChannelOption<T> option, T value) {
        void on(Channel channel) {
            channel.config().setOption(option, value);
        }

        void onAccepted(ServerBootstrap bootstrap) {
            bootstrap.childOption(option, value);
        }
    }

    private TcpOptions() {}

    /** Warns of what {@code transport} cannot do. */
    public static TcpOptions of(TcpConfig config, Transport transport) {
        TcpOptions options = new TcpOptions();
        boolean isNio = transport.label().equals(Transport.NIO);
        config.keepAlive().ifPresent(time -> {
            int seconds = (int) time.toSeconds();
            options.settings.add(new Setting<>(ChannelOption.SO_KEEPALIVE, true));
            options.settings.add(new Setting<>(
                    isNio ? NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE) : TCP_KEEPIDLE, seconds));
        });
        if (isNio && config.userTimeout().isPresent()) {
            LOG.warn("tcp.user-timeout is not set, as transport {} cannot", transport.label());
        } else {
            config.userTimeout()
                    .ifPresent(time -> options.settings.add(new Setting<>(TCP_USER_TIMEOUT, (int) time.toMillis())));
        }
        return options;
    }

    /** For a connection that is to be made from {@code channel}. */
    public void applyTo(Channel channel) {
        settings.forEach(setting -> setting.on(channel));
    }

    /** For connections that are accepted. */
    public void applyTo(ServerBootstrap bootstrap) {
        settings.forEach(setting -> setting.onAccepted(bootstrap));
    }
}
