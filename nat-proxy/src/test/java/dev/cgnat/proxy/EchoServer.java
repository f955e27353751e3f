package dev.cgnat.proxy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A server that sends back what it is sent, and remembers who came. */
final class EchoServer implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final BlockingQueue<InetSocketAddress> clients = new LinkedBlockingQueue<>();

    EchoServer() throws IOException {
        daemon(() -> {
            while (true) {
                Socket client = listener.accept();
                clients.add((InetSocketAddress) client.getRemoteSocketAddress());
                daemon(() -> {
                    try (client) {
                        client.getInputStream().transferTo(client.getOutputStream());
                    }
                });
            }
        });
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    /** Who came; each is told once, in order. */
    InetSocketAddress lastClient() throws InterruptedException {
        InetSocketAddress client = clients.poll(60, TimeUnit.SECONDS);
        if (client == null) {
            throw new AssertionError("nobody came");
        }
        return client;
    }

    /** Sends one byte and returns what comes back, -1 if nothing does. */
    static int echo(Socket socket, int value) throws IOException {
        socket.getOutputStream().write(value);
        return socket.getInputStream().read();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    private static void daemon(Action action) {
        Thread thread = new Thread(() -> {
            try {
                action.run();
            } catch (IOException e) {
                // The listener is closed, or a client is gone: this thread has nothing more to do.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private interface Action {
        void run() throws IOException;
    }
}
