package dev.cgnat.proxy.testing;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A client's TCP connection, byte by byte. No read waits longer than {@link #GUARD}. One descriptor, no thread. */
public final class Wire implements Closeable {
    /** Until something must have happened, on the slowest machine. */
    public static final Duration GUARD = Duration.ofMinutes(1);

    private final Socket socket;

    private Wire(Socket socket) {
        this.socket = socket;
    }

    /** How the other side ended the connection. */
    public enum End {
        FIN,
        RESET
    }

    public static Wire to(InetSocketAddress server) throws IOException {
        return connect(new Socket(), server);
    }

    /** From a source address of the caller's choice, and a port of the kernel's. */
    public static Wire from(String source, InetSocketAddress server) throws IOException {
        return connect(boundTo(source), server);
    }

    /** As {@link #from(String, InetSocketAddress)}, from a port that may have had connections with others, or earlier ones. */
    public static Wire from(String source, int port, InetSocketAddress server) throws IOException {
        return connect(boundTo(source, port), server);
    }

    private static Socket boundTo(String source) throws IOException {
        return boundTo(source, 0);
    }

    private static Socket boundTo(String source, int port) throws IOException {
        Socket socket = new Socket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getByName(source), port));
        return socket;
    }

    private static Wire connect(Socket socket, InetSocketAddress server) throws IOException {
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) GUARD.toMillis());
            socket.connect(server, (int) GUARD.toMillis());
            return new Wire(socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** How {@code server} ends a connection on which nothing is said. */
    public static End endOf(InetSocketAddress server) throws IOException {
        return endOf(new Socket(), server);
    }

    /** As {@link #endOf(InetSocketAddress)}, from a source address of the caller's choice. */
    public static End endOf(String source, InetSocketAddress server) throws IOException {
        return endOf(boundTo(source), server);
    }

    private static End endOf(Socket socket, InetSocketAddress server) throws IOException {
        try (Wire wire = connect(socket, server)) {
            return wire.readEnd();
        } catch (ConnectException e) {
            throw e;
        } catch (SocketException e) {
            return End.RESET; // it can come before connect() has returned
        }
    }

    /** In one segment if it is small. */
    public Wire send(byte... bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    public Wire send(String latin1) throws IOException {
        return send(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Exactly {@code count} bytes; {@link IOException} if the connection ends before. */
    public byte[] read(int count) throws IOException {
        byte[] bytes = socket.getInputStream().readNBytes(count);
        if (bytes.length < count) {
            throw new IOException("FIN after " + bytes.length + " bytes (expected: " + count + ")");
        }
        return bytes;
    }

    /** Everything up to the FIN; a reset is a {@link SocketException}. */
    public byte[] readToFin() throws IOException {
        return socket.getInputStream().readAllBytes();
    }

    /** Everything up to the FIN; what a reset overtook is lost. */
    public byte[] readToFinOrReset() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            socket.getInputStream().transferTo(bytes);
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (SocketException e) {
            return bytes.toByteArray();
        }
        return bytes.toByteArray();
    }

    /** Everything up to the end of an HTTP response's header. */
    public String readHttpHeader() throws IOException {
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        while (!header.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            header.write(read(1));
        }
        return header.toString(StandardCharsets.ISO_8859_1);
    }

    /** Drops what arrives until the connection ends. */
    public End readEnd() throws IOException {
        try {
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
            return End.FIN;
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (SocketException e) {
            return End.RESET;
        }
    }

    /** Whether neither byte nor end arrives for {@code duration}. */
    public boolean isSilentFor(Duration duration) throws IOException {
        socket.setSoTimeout((int) duration.toMillis());
        try {
            socket.getInputStream().read();
            return false;
        } catch (SocketTimeoutException e) {
            return true;
        } catch (SocketException e) {
            return false;
        } finally {
            socket.setSoTimeout((int) GUARD.toMillis());
        }
    }

    public void shutdownOutput() throws IOException {
        socket.shutdownOutput();
    }

    public InetSocketAddress local() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    public Socket socket() {
        return socket;
    }

    /** Ends it with a reset. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
