package dev.cgnat.proxy.transport;

import io.netty.channel.ChannelPromise;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.unix.Errors;
import io.netty.channel.unix.Socket;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A connection that the far side has yet to answer; as a task, the end of the time that it has for that. */
final class ConnectAttempt implements Runnable {
    private final EdgeSocketChannel channel;
    private final SocketAddress to;
    private final ChannelPromise promise;
    private final @Nullable Future<?> timer;

    /** Begins now, on the event loop of {@code channel}. */
    ConnectAttempt(EdgeSocketChannel channel, SocketAddress to, ChannelPromise promise) {
        this.channel = channel;
        this.to = to;
        this.promise = promise;
        int millis = channel.config().getConnectTimeoutMillis();
        timer = millis > 0 ? channel.eventLoop().schedule(this, millis, TimeUnit.MILLISECONDS) : null;
    }

    /** Stops the timer; the promise of the caller waits for its answer. */
    ChannelPromise end() {
        if (timer != null) {
            timer.cancel(false);
        }
        return promise;
    }

    @Override
    public void run() {
        int millis = channel.config().getConnectTimeoutMillis();
        channel.endConnecting(new ConnectTimeoutException("connection timed out after " + millis + " ms: " + to));
        channel.closeAtOnce();
    }

    /**
     * Asks the kernel how a connect ended. Netty's own way to ask forgets the number of an error by which there is no route.
     *
     * @throws IOException with the number of the error, if there was one
     */
    static void requireNoError(Socket socket) throws IOException {
        int errno = socket.getSoError();
        if (errno != 0) {
            throw (ConnectException)
                    new ConnectException("connect").initCause(Errors.newIOException("connect", -errno));
        }
    }
}
