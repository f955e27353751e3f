package dev.cgnat.proxy.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Writes what waits, for as long as the kernel takes it. <b>Ownership</b>: the channel's event loop. */
/*
 * Nagle's algorithm holds nothing back as long as all of it fits into the first segment, so the option that ends it is set before
 * the first write that does not. Accepted sockets inherit it from the listener.
 */
final class EdgeWriter {
    /** RFC 9293 section 3.7.1: a segment that every path carries. */
    private static final int SMALLEST_SEGMENT = 536;

    private final EdgeSocketChannel channel;
    private boolean canWrite;
    private boolean nagleMatters;
    private boolean hasWritten;
    private boolean endFollows;

    /** @param nagleMatters whether Nagle's algorithm is at work on this socket */
    EdgeWriter(EdgeSocketChannel channel, boolean nagleMatters) {
        this.channel = channel;
        this.nagleMatters = nagleMatters;
    }

    /**
     * {@code message} as the kernel can take it.
     *
     * @throws UnsupportedOperationException if it is not made of bytes
     */
    static ByteBuf direct(Object message, ByteBufAllocator allocator) {
        if (!(message instanceof ByteBuf bytes)) {
            throw new UnsupportedOperationException("message: " + message.getClass() + " (expected: ByteBuf)");
        }
        if (bytes.isDirect() && bytes.nioBufferCount() == 1) {
            return bytes;
        }
        ByteBuf direct = allocator.directBuffer(bytes.readableBytes());
        direct.writeBytes(bytes, bytes.readerIndex(), bytes.readableBytes());
        ReferenceCountUtil.safeRelease(bytes);
        return direct;
    }

    boolean canWrite() {
        return canWrite;
    }

    /** The kernel has room. */
    void mayWrite() {
        canWrite = true;
    }

    void forget() {
        canWrite = false;
    }

    /** Behind what is written from now on, nothing but the end of the output comes, and at once. */
    void endFollows() {
        endFollows = true;
    }

    void write(ChannelOutboundBuffer waiting) throws IOException {
        while (canWrite && waiting.current() instanceof ByteBuf bytes) {
            int length = bytes.readableBytes();
            if (nagleMatters && (hasWritten || length > SMALLEST_SEGMENT)) {
                setNoDelay(true);
            }
            hasWritten = true;
            int written = length == 0 ? 0 : write(bytes);
            if (written < length) {
                canWrite = false;
            }
            waiting.removeBytes(written); // tells those who wait, who may write more
        }
    }

    private int write(ByteBuf bytes) throws IOException {
        if (bytes.hasMemoryAddress()) {
            return channel.socket().send(bytes.memoryAddress(), bytes.readerIndex(), bytes.writerIndex(), endFollows);
        }
        ByteBuffer view = bytes.internalNioBuffer(bytes.readerIndex(), bytes.readableBytes());
        return channel.fd().write(view, view.position(), view.limit());
    }

    void setNoDelay(boolean value) throws IOException {
        LinuxOptions.set(channel.socket(), ChannelOption.TCP_NODELAY, value);
        nagleMatters = false;
    }
}
