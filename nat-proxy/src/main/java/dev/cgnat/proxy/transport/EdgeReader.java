package dev.cgnat.proxy.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.unix.Errors;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Reads what the channel's handlers ask for and the kernel has; as a task, what was asked for outside of an event.
 *
 * <p><b>Ownership</b>: the channel's event loop.
 */
/*
 *  - A short read is the last one before the next edge, except at an urgent mark, where tcp_recvmsg stops early: URGENT.
 *  - The FIN is behind the last byte, so RDHUP and a short read are an end of stream, and the read that would return 0 is
 *    saved. After a reset (ERROR) every read is made, as the error comes behind the bytes.
 *  - A channel that reads for long gives way: EPOLL_CTL_MOD makes the kernel tell again what is ready in the next turn.
 */
final class EdgeReader implements Runnable {
    /** Reads in one turn; as each may take 256 KiB, others wait for 100 µs. */
    private static final int READS_PER_TURN = 4;

    private static final int CAN_READ = 1;
    private static final int PEER_FINISHED = 1 << 1;
    private static final int URGENT = 1 << 2;
    private static final int ERROR = 1 << 3;
    private static final int WANTED = 1 << 4;
    private static final int READING = 1 << 5;
    private static final int SCHEDULED = 1 << 6;
    private static final int LAST = 1 << 7;

    private final EdgeSocketChannel channel;
    private int state;

    EdgeReader(EdgeSocketChannel channel) {
        this.channel = channel;
    }

    private boolean is(int flag) {
        return (state & flag) != 0;
    }

    private void set(int flags) {
        state |= flags;
    }

    private void clear(int flags) {
        state &= ~flags;
    }

    /** There is nothing to read until the kernel says so. */
    void forget() {
        clear(CAN_READ);
    }

    /** A handler wants one read. */
    void ask() {
        set(WANTED);
        if (is(CAN_READ) && !is(READING | SCHEDULED)) {
            set(SCHEDULED);
            channel.eventLoop().execute(this);
        }
    }

    /** Reads what is wanted though the kernel has not said that there is something; if there is not, that was a call in vain. */
    void readAhead() {
        if (is(WANTED) || channel.config().isAutoRead()) {
            if (!is(READING | SCHEDULED) && channel.isActive()) {
                set(CAN_READ);
                readTurn();
            }
        }
    }

    /** Whether the end of the stream is right behind what the handlers are being told. */
    boolean tellsLast() {
        return is(LAST);
    }

    void stopUnlessAutomatic() {
        if (!channel.config().isAutoRead()) {
            clear(WANTED);
        }
    }

    /** Keeps what {@link EdgeEvents} {@code told} says of input. */
    void remember(int told) {
        if ((told & EdgeEvents.INPUT) != 0 && !channel.isInputShutdown()) {
            set(CAN_READ);
        }
        if ((told & EdgeEvents.RDHUP) != 0) {
            set(PEER_FINISHED);
        }
        if ((told & EdgeEvents.PRI) != 0) {
            set(URGENT);
        }
        if ((told & EdgeEvents.ERR) != 0) {
            set(ERROR);
        }
    }

    /** Reads, if that is wanted. */
    void onEdge() {
        // Behind a reset no peer's slowness counts: what is there is passed on, and then that it was reset.
        if (is(CAN_READ) && (is(WANTED) || is(ERROR))) {
            readTurn();
        }
        if (is(ERROR) && channel.isInputShutdown() && channel.isActive()) {
            tellPendingError();
        }
    }

    @Override
    public void run() {
        clear(SCHEDULED);
        if (channel.isActive() && is(CAN_READ) && is(WANTED)) {
            readTurn();
        }
    }

    private void readTurn() {
        RecvByteBufAllocator.ExtendedHandle sizes =
                (RecvByteBufAllocator.ExtendedHandle) channel.unsafe().recvBufAllocHandle();
        ChannelPipeline pipeline = channel.pipeline();
        sizes.reset(channel.config());
        set(READING);
        int turns = READS_PER_TURN;
        boolean ended = false;
        try {
            do {
                ended = readOnce(sizes, pipeline);
            } while (!ended && mayReadOn() && --turns > 0);
            sizes.readComplete();
            pipeline.fireChannelReadComplete();
        } catch (IOException | OutOfMemoryError e) {
            sizes.readComplete();
            pipeline.fireChannelReadComplete();
            channel.failWith(e);
        } finally {
            clear(READING);
        }
        if (ended && channel.isOpen()) {
            endInput(pipeline);
        } else if (mayReadOn()) {
            channel.awaitEdges();
        }
    }

    private boolean mayReadOn() {
        return channel.isActive()
                && is(CAN_READ)
                && (is(WANTED) || channel.config().isAutoRead() || is(ERROR));
    }

    /** Whether that was the end of the stream. */
    private boolean readOnce(RecvByteBufAllocator.ExtendedHandle sizes, ChannelPipeline pipeline) throws IOException {
        ByteBuf bytes = sizes.allocate(channel.alloc());
        int room = bytes.writableBytes();
        sizes.attemptedBytesRead(room);
        int read = 0;
        try {
            read = read(bytes);
            sizes.lastBytesRead(read);
        } finally {
            if (read <= 0) {
                bytes.release();
            }
        }
        if (read < room && !is(URGENT | ERROR)) {
            clear(CAN_READ);
        }
        if (read <= 0) {
            clear(CAN_READ);
            return read < 0;
        }
        bytes.writerIndex(bytes.writerIndex() + read);
        sizes.incMessagesRead(1);
        clear(WANTED);
        boolean ended = is(PEER_FINISHED) && !is(CAN_READ);
        if (ended) {
            set(LAST);
        }
        pipeline.fireChannelRead(bytes);
        clear(LAST);
        return ended;
    }

    private int read(ByteBuf into) throws IOException {
        if (into.hasMemoryAddress()) {
            return channel.socket().receive(into.memoryAddress(), into.writerIndex(), into.capacity());
        }
        ByteBuffer view = into.internalNioBuffer(into.writerIndex(), into.writableBytes());
        return channel.fd().read(view, view.position(), view.limit());
    }

    private void endInput(ChannelPipeline pipeline) {
        channel.inputEnded();
        clear(CAN_READ | WANTED);
        if (channel.config().isAllowHalfClosure()) {
            pipeline.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
            pipeline.fireUserEventTriggered(ChannelInputShutdownReadComplete.INSTANCE);
        } else {
            channel.closeAtOnce();
        }
    }

    /** Behind the end of the stream reads tell of no error. */
    private void tellPendingError() {
        try {
            int errno = channel.socket().whole().getSoError();
            clear(ERROR);
            if (errno != 0) {
                channel.failWith(Errors.newIOException("read", -errno));
            }
        } catch (IOException e) {
            channel.failWith(e);
        }
    }
}
