package dev.cgnat.bench.peers.work;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** What clients and {@link Backend} say to one another: the first byte of a connection asks for one of four services. */
final class Wire {
    /** Every byte after the first comes back. */
    static final byte ECHO = 'e';
    /** A request of {@link #REQUEST} bytes is answered by {@link #RESPONSE} bytes; the client closes. */
    static final byte ANSWER = 'a';
    /** The same, and the server closes. */
    static final byte ANSWER_AND_CLOSE = 'c';
    /** Bytes without end. */
    static final byte SOURCE = 'd';
    /** All bytes are read and dropped. */
    static final byte DISCARD = 'u';

    static final int REQUEST = 64;
    static final int RESPONSE = 128;
    /** Bytes of one write in bulk. */
    static final int CHUNK = 256 << 10;

    private Wire() {}

    /** {@code length} bytes that begin with {@code service}; read only and never released. */
    static ByteBuf message(byte service, int length) {
        ByteBuf message = Unpooled.directBuffer(length, length);
        message.writeByte(service);
        while (message.isWritable()) {
            message.writeByte('x');
        }
        return Unpooled.unreleasableBuffer(message.asReadOnly());
    }
}
