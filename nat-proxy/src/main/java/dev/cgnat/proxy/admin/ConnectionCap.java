package dev.cgnat.proxy.admin;

import java.util.concurrent.atomic.AtomicInteger;
import reactor.netty.Connection;

/**
 * Closes the connections beyond a number at a time. Any thread.
 *
 * <p>Reactor Netty's own cap knows one class of connections only; a listener here has two.
 */
final class ConnectionCap {
    private final int max;
    private final AtomicInteger open = new AtomicInteger();

    ConnectionCap(int max) {
        this.max = max;
    }

    /** Counts {@code connection} until it ends; ends it at once if there are {@code max} already. */
    void admit(Connection connection) {
        if (open.incrementAndGet() > max) {
            open.decrementAndGet();
            connection.dispose();
        } else {
            connection.channel().closeFuture().addListener(closed -> open.decrementAndGet());
        }
    }
}
