package dev.cgnat.proxy.testing;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A SOCKS5 request and its answer (RFC 1928), on bytes of its own.
 *
 * @param wire the flow, if {@code code} is 0
 * @param code the reply, 0 = succeeded
 * @param bound BND.ADDR and BND.PORT
 */
public record SocksClient(Wire wire, int code, InetSocketAddress bound) implements Closeable {
    public static final int GENERAL_FAILURE = 1;
    public static final int NOT_ALLOWED = 2;
    public static final int HOST_UNREACHABLE = 4;
    public static final int CONNECTION_REFUSED = 5;
    public static final int COMMAND_NOT_SUPPORTED = 7;
    public static final int ADDRESS_TYPE_NOT_SUPPORTED = 8;

    private static final int REPLY_LENGTH = 10; // with an IPv4 address

    /** One method: no authentication. */
    public static byte[] greeting() {
        return new byte[] {5, 1, 0};
    }

    /** Asks {@code proxy} for {@code destination}, and waits for the answer. */
    public static SocksClient connect(InetSocketAddress proxy, InetSocketAddress destination) throws IOException {
        return ask(Wire.to(proxy), request(destination));
    }

    /** As {@link #connect}, for the subscriber {@code source}. */
    public static SocksClient connectFrom(String source, InetSocketAddress proxy, InetSocketAddress destination)
            throws IOException {
        return ask(Wire.from(source, proxy), request(destination));
    }

    /** Greets on {@code wire}, sends {@code request}, waits for the answer. */
    public static SocksClient ask(Wire wire, byte[] request) throws IOException {
        greet(wire);
        wire.send(request);
        return readReply(wire);
    }

    /** As {@link #connectFrom}, where {@code name} has to be proved. {@link IOException} if that is not {@code password}. */
    public static SocksClient connectAs(
            String name, String password, String source, InetSocketAddress proxy, InetSocketAddress destination)
            throws IOException {
        Wire wire = Wire.from(source, proxy);
        wire.send((byte) 5, (byte) 1, (byte) 2).send(login(name, password));
        byte[] answer = wire.read(4);
        if (!Arrays.equals(answer, new byte[] {5, 2, 1, 0})) {
            throw new IOException("answer: " + Arrays.toString(answer) + " (expected: 5 2 1 0)");
        }
        wire.send(request(destination));
        return readReply(wire);
    }

    /** A name and a password as RFC 1929 has them. */
    public static byte[] login(String name, String password) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(1);
        for (String field : new String[] {name, password}) {
            byte[] text = field.getBytes(StandardCharsets.UTF_8);
            bytes.write(text.length);
            bytes.writeBytes(text);
        }
        return bytes.toByteArray();
    }

    /** Agrees on no authentication. */
    public static void greet(Wire wire) throws IOException {
        wire.send(greeting());
        byte[] method = wire.read(2);
        if (method[0] != 5 || method[1] != 0) {
            throw new IOException("method: " + method[0] + " " + method[1] + " (expected: 5 0)");
        }
    }

    public static SocksClient readReply(Wire wire) throws IOException {
        ByteBuffer reply = ByteBuffer.wrap(wire.read(REPLY_LENGTH));
        if (reply.get() != 5) {
            throw new IOException("version: " + reply.get(0) + " (expected: 5)");
        }
        int code = reply.get();
        reply.getShort(); // reserved, and the type of an IPv4 address
        byte[] address = new byte[4];
        reply.get(address);
        int port = Short.toUnsignedInt(reply.getShort());
        return new SocksClient(wire, code, new InetSocketAddress(InetAddress.getByAddress(address), port));
    }

    /** CONNECT to an IPv4 address. */
    public static byte[] request(InetSocketAddress destination) {
        return request(1, 1, destination.getAddress().getAddress(), destination.getPort());
    }

    /** CONNECT to a name, which may be none, in any bytes. */
    public static byte[] requestOfName(String latin1, int port) {
        byte[] name = latin1.getBytes(StandardCharsets.ISO_8859_1);
        return request(
                1,
                3,
                ByteBuffer.allocate(name.length + 1)
                        .put((byte) name.length)
                        .put(name)
                        .array(),
                port);
    }

    /** Any command to any type of address. */
    public static byte[] request(int command, int addressType, byte[] address, int port) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        try {
            out.write(new byte[] {5, (byte) command, 0, (byte) addressType});
            out.write(address);
            out.writeShort(port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    public boolean isGranted() {
        return code == 0;
    }

    @Override
    public void close() throws IOException {
        wire.close();
    }
}
