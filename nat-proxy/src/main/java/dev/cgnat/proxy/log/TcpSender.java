package dev.cgnat.proxy.log;

import dev.cgnat.proxy.config.ListenerConfig.Target;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Optional;

/**
 * A connection to one collector, made when there is something to send. What the kernel has taken when the far side goes is lost
 * without a word: syslog over TCP knows no acknowledgement (RFC 6587 section 6).
 *
 * <p><b>Ownership</b>: one thread, but for {@link #close}.
 */
final class TcpSender implements AutoCloseable {
    /** What the kernel holds is lost with the connection, so it shall not hold much. */
    private static final int UNSENT = 1 << 15;

    private static final int CONNECT_MILLIS = 10_000;

    private final Target collector;
    private volatile Optional<Connection> connection = Optional.empty();

    private record Connection(SocketChannel channel, Selector selector) {}

    TcpSender(Target collector) {
        this.collector = collector;
    }

    /**
     * Blocks until the kernel has taken all of {@code frame}. After a failure all of it is to be sent again: what went before it
     * on the lost connection was whole.
     */
    void send(ByteBuffer frame) throws IOException {
        try {
            Connection to = connection.isPresent() ? connection.get() : open();
            requireOpen(to.channel);
            ByteBuffer rest = frame.duplicate();
            while (true) {
                to.channel.write(rest);
                if (!rest.hasRemaining()) {
                    return;
                }
                to.selector.select(); // until there is room, or until it is closed
                to.selector.selectedKeys().clear();
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    @Override
    public void close() {
        connection.ifPresent(open -> {
            Channels.closeQuietly(open.channel);
            try {
                open.selector.close(); // which wakes whoever waits there
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        connection = Optional.empty();
    }

    private Connection open() throws IOException {
        InetSocketAddress address = new InetSocketAddress(collector.host(), collector.port());
        if (address.isUnresolved()) {
            throw new UnknownHostException(collector.host());
        }
        SocketChannel channel = SocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            channel.setOption(StandardSocketOptions.SO_SNDBUF, UNSENT);
            channel.socket().connect(address, CONNECT_MILLIS);
            channel.configureBlocking(false);
            Selector selector = Selector.open();
            channel.register(selector, SelectionKey.OP_WRITE);
            Connection made = new Connection(channel, selector);
            connection = Optional.of(made);
            return made;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Notices that the far side has closed before another record is lost to it. */
    private static void requireOpen(SocketChannel channel) throws IOException {
        ByteBuffer ignored = ByteBuffer.allocate(64);
        if (channel.read(ignored) < 0) {
            throw new EOFException("the collector has closed the connection");
        }
    }
}
