package dev.cgnat.proxy.log;

import dev.cgnat.proxy.config.ListenerConfig.Target;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Optional;

/**
 * Datagrams to one collector. UDP tells of a loss only if the far side's host says that nobody listens (ICMP port unreachable), and
 * then with the next datagram.
 *
 * <p>It is always the same socket: to an IPFIX collector another port would be another exporter.
 *
 * <p><b>Ownership</b>: one thread, but for {@link #close}.
 */
final class UdpSender implements AutoCloseable {
    /** How long the first datagram after an outage waits for the answer that nobody listens. */
    private static final long SETTLE_MILLIS = 200;

    private final Target collector;
    private volatile Optional<DatagramChannel> channel = Optional.empty();
    private boolean isSuspect;

    UdpSender(Target collector) {
        this.collector = collector;
    }

    /** {@code datagram} is left as it is if this fails, so that it can be sent again. */
    void send(ByteBuffer datagram) throws IOException {
        try {
            DatagramChannel to = channel.isPresent() ? channel.get() : open();
            to.write(datagram.duplicate());
            if (isSuspect) {
                listenForRejection(to);
                isSuspect = false;
            }
        } catch (IOException e) {
            isSuspect = true;
            throw e;
        }
    }

    @Override
    public void close() {
        channel.ifPresent(Channels::closeQuietly);
        channel = Optional.empty();
    }

    private DatagramChannel open() throws IOException {
        InetSocketAddress address = new InetSocketAddress(collector.host(), collector.port());
        if (address.isUnresolved()) {
            throw new UnknownHostException(collector.host());
        }
        DatagramChannel opened = DatagramChannel.open();
        try {
            opened.connect(address);
        } catch (IOException e) {
            opened.close();
            throw e;
        }
        channel = Optional.of(opened);
        return opened;
    }

    /** An error that is pending makes the channel readable, and comes out of the read. */
    private static void listenForRejection(DatagramChannel to) throws IOException {
        try (Selector selector = Selector.open()) {
            to.configureBlocking(false);
            to.register(selector, SelectionKey.OP_READ);
            if (selector.select(SETTLE_MILLIS) > 0) {
                to.read(ByteBuffer.allocate(1));
            }
        } finally {
            to.configureBlocking(true); // the selector that forbade it is closed
        }
    }
}
