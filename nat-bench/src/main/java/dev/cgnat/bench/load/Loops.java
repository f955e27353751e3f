package dev.cgnat.bench.load;

import dev.cgnat.proxy.transport.Transport;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.SocketChannel;
import java.util.concurrent.TimeUnit;

/** The event loops of clients or of a sink, and the channels that run on them. */
public final class Loops implements AutoCloseable {
    /** With none at all, a connection accepted just before the end can stay open for ever. */
    private static final long QUIET_MILLIS = 20;

    private static final long CLOSE_MILLIS = 5_000;

    private final Transport transport = Transport.best();
    private final EventLoopGroup group;

    private Loops(int threads, String name) {
        group = transport.newEventLoops(threads, name);
    }

    /**
     * Starts event loops.
     *
     * @param name prefix of the names of their threads
     * @param threads 1 or more; one loop drives about ten thousand connections a second
     */
    public static Loops start(String name, int threads) {
        return new Loops(threads, name);
    }

    /** All of them. */
    public EventLoopGroup group() {
        return group;
    }

    public Class<? extends SocketChannel> socketChannel() {
        return transport.channel();
    }

    public Class<? extends ServerChannel> serverChannel() {
        return transport.serverChannel();
    }

    /** Ends the loops; what is still open is closed. Waits up to 5 s. */
    @Override
    public void close() {
        group.shutdownGracefully(QUIET_MILLIS, CLOSE_MILLIS, TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(CLOSE_MILLIS);
    }
}
