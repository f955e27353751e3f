package dev.cgnat.proxy.transport;

import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.RawUnixChannelOption;
import io.netty.channel.unix.UnixChannelOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Socket options that are one integer or one block of bytes to the kernel. */
final class LinuxOptions {
    private static final int SOL_IP = 0;
    private static final int SOL_SOCKET = 1;
    private static final int SOL_TCP = 6;

    /** By asm-generic/socket.h, linux/in.h and linux/tcp.h. */
    private static final Map<ChannelOption<?>, Name> NAMES = Map.ofEntries(
            Map.entry(ChannelOption.SO_REUSEADDR, new Name(SOL_SOCKET, 2)),
            Map.entry(ChannelOption.SO_SNDBUF, new Name(SOL_SOCKET, 7)),
            Map.entry(ChannelOption.SO_RCVBUF, new Name(SOL_SOCKET, 8)),
            Map.entry(ChannelOption.SO_KEEPALIVE, new Name(SOL_SOCKET, 9)),
            Map.entry(UnixChannelOption.SO_REUSEPORT, new Name(SOL_SOCKET, 15)),
            Map.entry(ChannelOption.IP_TOS, new Name(SOL_IP, 1)),
            Map.entry(EpollChannelOption.IP_FREEBIND, new Name(SOL_IP, 15)),
            Map.entry(EpollChannelOption.IP_TRANSPARENT, new Name(SOL_IP, 19)),
            Map.entry(EpollChannelOption.IP_BIND_ADDRESS_NO_PORT, new Name(SOL_IP, 24)),
            Map.entry(ChannelOption.TCP_NODELAY, new Name(SOL_TCP, 1)),
            Map.entry(EpollChannelOption.TCP_KEEPIDLE, new Name(SOL_TCP, 4)),
            Map.entry(EpollChannelOption.TCP_KEEPINTVL, new Name(SOL_TCP, 5)),
            Map.entry(EpollChannelOption.TCP_KEEPCNT, new Name(SOL_TCP, 6)),
            Map.entry(EpollChannelOption.TCP_QUICKACK, new Name(SOL_TCP, 12)),
            Map.entry(EpollChannelOption.TCP_USER_TIMEOUT, new Name(SOL_TCP, 18)));

    private record Name(int level, int option) {}

    private LinuxOptions() {}

    /** Whether {@code option} is one of them; the value is then set. {@link ChannelException} if the kernel says no. */
    static boolean set(BareSocket socket, ChannelOption<?> option, Object value) {
        try {
            if (option instanceof RawUnixChannelOption raw) {
                socket.whole().setRawOpt(raw.level(), raw.optname(), (ByteBuffer) value);
                return true;
            }
            Name name = nameOf(option);
            if (name != null) {
                int number = value instanceof Boolean yes ? (yes ? 1 : 0) : (Integer) value;
                socket.setIntOpt(name.level(), name.option(), number);
            }
            return name != null;
        } catch (IOException e) {
            throw new ChannelException(e);
        }
    }

    /** The value of {@code option}; null if it is none of them. */
    @SuppressWarnings("unchecked") // the option's own type
    static <T> @Nullable T get(BareSocket socket, ChannelOption<T> option) {
        try {
            if (option instanceof RawUnixChannelOption raw) {
                ByteBuffer bytes = ByteBuffer.allocate(raw.length());
                socket.whole().getRawOpt(raw.level(), raw.optname(), bytes);
                return (T) bytes.flip();
            }
            Name name = nameOf(option);
            if (name == null) {
                return null;
            }
            int number = socket.whole().getIntOpt(name.level(), name.option());
            return (T) (isSwitch(option) ? (Object) (number != 0) : (Object) number);
        } catch (IOException e) {
            throw new ChannelException(e);
        }
    }

    private static @Nullable Name nameOf(ChannelOption<?> option) {
        return option instanceof IntegerUnixChannelOption integer
                ? new Name(integer.level(), integer.optname())
                : NAMES.get(option);
    }

    private static boolean isSwitch(ChannelOption<?> option) {
        return option.equals(ChannelOption.SO_REUSEADDR)
                || option.equals(ChannelOption.SO_KEEPALIVE)
                || option.equals(ChannelOption.TCP_NODELAY)
                || option.equals(EpollChannelOption.TCP_QUICKACK)
                || option.equals(UnixChannelOption.SO_REUSEPORT)
                || option.equals(EpollChannelOption.IP_FREEBIND)
                || option.equals(EpollChannelOption.IP_TRANSPARENT)
                || option.equals(EpollChannelOption.IP_BIND_ADDRESS_NO_PORT);
    }
}
