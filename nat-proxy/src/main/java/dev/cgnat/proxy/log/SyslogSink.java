package dev.cgnat.proxy.log;

import dev.cgnat.proxy.config.LogSink;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Messages of RFC 5424, one for each record, with its JSON as the text: a datagram each over UDP (RFC 5426), or behind their
 * counted octets over TCP (RFC 6587 section 3.4.1). Facility local0; sessions and blocks are informational, what went short is a
 * warning.
 */
final class SyslogSink implements Sink {
    private static final int LOCAL0 = 16 * 8;
    private static final int WARNING = 4;
    private static final int INFORMATIONAL = 6;

    private final Sender sender;
    private final AutoCloseable connection;
    private final boolean countsOctets;
    private final String origin =
            " " + hostName() + " natproxy " + ProcessHandle.current().pid() + " ";
    private final Deque<byte[]> pending = new ArrayDeque<>();

    private interface Sender {
        void send(ByteBuffer message) throws IOException;
    }

    SyslogSink(LogSink.Syslog config) {
        countsOctets = config.protocol() == LogSink.Protocol.TCP;
        if (countsOctets) {
            TcpSender tcp = new TcpSender(config.collector());
            sender = tcp::send;
            connection = tcp;
        } else {
            UdpSender udp = new UdpSender(config.collector());
            sender = udp::send;
            connection = udp;
        }
    }

    @Override
    public void add(LogRecord record) {
        byte[] message = message(record);
        pending.add(countsOctets ? concat(ascii(message.length + " "), message, message.length) : message);
    }

    @Override
    public void flush() throws IOException {
        for (byte[] next = pending.peek(); next != null; next = pending.peek()) {
            sender.send(ByteBuffer.wrap(next));
            pending.remove();
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@code <134>1 TIME HOST natproxy PID session-create - {…}}. */
    private byte[] message(LogRecord record) {
        int severity = switch (record.event()) {
            case ADDRESSES_EXHAUSTED, PORTS_EXHAUSTED, QUOTA_EXCEEDED, THRESHOLD, LOG_GAP -> WARNING;
            default -> INFORMATIONAL;
        };
        String header = "<" + (LOCAL0 + severity) + ">1 " + Column.text(record.time()) + origin
                + record.event().label() + " - ";
        byte[] line = LineFormat.JSONL.line(record);
        return concat(ascii(header), line, line.length - 1); // a message is no line
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] concat(byte[] first, byte[] second, int length) {
        return ByteBuffer.allocate(first.length + length)
                .put(first)
                .put(second, 0, length)
                .array();
    }

    /** Printable ASCII as RFC 5424 asks, or its word for nothing. */
    private static String hostName() {
        try {
            String name = InetAddress.getLocalHost().getHostName();
            return name.matches("[!-~]{1,255}") ? name : "-";
        } catch (UnknownHostException e) {
            return "-";
        }
    }
}
