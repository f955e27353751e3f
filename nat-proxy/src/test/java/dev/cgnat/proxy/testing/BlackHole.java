package dev.cgnat.proxy.testing;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/** A listener whose backlog is full: the kernel drops every SYN. */
public final class BlackHole implements Closeable {
    private final ServerSocket listener = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.2"));
    private final List<Socket> fillers = new ArrayList<>();

    public BlackHole() throws IOException {
        boolean isFull = false;
        while (!isFull) {
            Socket filler = new Socket();
            fillers.add(filler);
            try {
                filler.connect(address(), 300);
            } catch (SocketTimeoutException e) {
                isFull = true;
            }
        }
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    @Override
    public void close() throws IOException {
        for (Socket filler : fillers) {
            filler.close();
        }
        listener.close();
    }
}
