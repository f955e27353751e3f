package dev.cgnat.proxy.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.AbstractChannel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.ChannelOutputShutdownEvent;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.Errors;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ConnectionPendingException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A TCP socket on Netty's epoll event loop that asks the kernel for nothing that it knows or does not need.
 *
 * <p><b>Costs</b>: of a connection that is accepted, answered and closed: accept4, epoll_ctl, two recv, send, close; of one that
 * is opened: socket, bind, connect, epoll_ctl, two recv, send, close, two options and one question that Netty's bridge asks.
 * Netty's own channel takes twice as many. <b>Ownership</b>: its event loop.
 */
/*
 * Registered once, edge-triggered and for everything; what the kernel has said is remembered in `ready` until a call shows
 * that it holds no longer: a read or a write that moved less than it was asked to. So interest costs no call (epoll(7),
 * question 9).
 *
 *  - A short read is the last one before the next edge, except at an urgent mark, where tcp_recvmsg stops early: URGENT.
 *  - The FIN is behind the last byte, so RDHUP and a short read are an end of stream, and the read that would return 0 is
 *    saved. After a reset (ERROR) every read is made, as the error comes behind the bytes.
 *  - A channel that reads for long gives way: EPOLL_CTL_MOD makes the kernel tell again what is ready in the next turn.
 *  - The descriptor is closed when all events of a turn have been handled: else the next socket gets its number, and with it
 *    what the kernel had to say of this one.
 *  - Nagle's algorithm holds nothing back as long as all of it fits into the first segment, so the option that ends it is set
 *    before the first write that does not. Accepted sockets inherit it from the listener.
 */
public final class EdgeSocketChannel extends AbstractChannel implements SocketChannel, UnixChannel {
    private static final ChannelMetadata METADATA = new ChannelMetadata(false, 16);

    private static final int IN = EpollIoOps.EPOLLIN.value();
    private static final int PRI = 2;
    private static final int OUT = EpollIoOps.EPOLLOUT.value();
    private static final int ERR = EpollIoOps.EPOLLERR.value();
    private static final int HUP = 16;
    private static final int RDHUP = EpollIoOps.EPOLLRDHUP.value();
    private static final EpollIoOps EVERYTHING =
            EpollIoOps.valueOf(IN | PRI | OUT | RDHUP | EpollIoOps.EPOLLET.value());

    /** Reads in one turn; as each may take 256 KiB, others wait for 100 µs. */
    private static final int READS_PER_TURN = 4;

    /** RFC 9293 section 3.7.1: a segment that every path carries. */
    private static final int SMALLEST_SEGMENT = 536;

    private static final int CAN_READ = 1;
    private static final int CAN_WRITE = 1 << 1;
    private static final int PEER_FINISHED = 1 << 2;
    private static final int URGENT = 1 << 3;
    private static final int ERROR = 1 << 4;
    private static final int READ_WANTED = 1 << 5;
    private static final int READING = 1 << 6;
    private static final int READ_SCHEDULED = 1 << 7;
    private static final int INPUT_ENDED = 1 << 8;
    private static final int OUTPUT_ENDED = 1 << 9;
    private static final int NAGLE_MATTERS = 1 << 10;
    private static final int HAS_WRITTEN = 1 << 11;

    private final FileDescriptor fd;
    private final EdgeSocketConfig config;
    private int state;
    private volatile boolean connected;
    private volatile boolean closing;
    private @Nullable Socket socket;
    private @Nullable IoRegistration registration;
    private @Nullable Connecting connecting;
    private @Nullable InetSocketAddress remote;

    private record Connecting(
            ChannelPromise promise, @Nullable Future<?> timeout) {}

    /** A socket that can connect to addresses of both families. */
    public EdgeSocketChannel() {
        this(Socket.isIPv6Preferred() ? SocketProtocolFamily.INET6 : SocketProtocolFamily.INET);
    }

    /** A socket for addresses of one family; those of IPv4 cost one call less. */
    public EdgeSocketChannel(SocketProtocolFamily family) {
        super(null);
        socket = StreamSocket.open(family);
        fd = socket;
        config = new EdgeSocketConfig(this);
        state = NAGLE_MATTERS;
    }

    /** A connection that {@code parent} has accepted. */
    EdgeSocketChannel(ServerSocketChannel parent, int accepted, InetSocketAddress remote) {
        super(parent);
        fd = new FileDescriptor(accepted);
        config = new EdgeSocketConfig(this);
        state = CAN_WRITE;
        connected = true;
        this.remote = remote;
    }

    @Override
    public FileDescriptor fd() {
        return fd;
    }

    @Override
    public EdgeSocketConfig config() {
        return config;
    }

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }

    @Override
    public boolean isOpen() {
        return !closing && fd.isOpen();
    }

    @Override
    public boolean isActive() {
        return connected && isOpen();
    }

    @Override
    public @Nullable ServerSocketChannel parent() {
        return (ServerSocketChannel) super.parent();
    }

    @Override
    public InetSocketAddress localAddress() {
        return (InetSocketAddress) super.localAddress();
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return (InetSocketAddress) super.remoteAddress();
    }

    /**
     * For options and shutdowns.
     *
     * @throws ChannelException if the channel is closed: the number may be another socket's by now
     */
    Socket socket() {
        if (!isOpen()) {
            throw new ChannelException(new ClosedChannelException());
        }
        Socket known = socket;
        if (known == null) {
            known = new Socket(fd.intValue());
            socket = known;
        }
        return known;
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

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return loop instanceof IoEventLoop ioLoop && ioLoop.isCompatible(EdgeUnsafe.class);
    }

    @Override
    protected AbstractUnsafe newUnsafe() {
        return new EdgeUnsafe();
    }

    private EdgeUnsafe edgeUnsafe() {
        return (EdgeUnsafe) unsafe();
    }

    @Override
    protected @Nullable SocketAddress localAddress0() {
        return isOpen() ? socket().localAddress() : null;
    }

    @Override
    protected @Nullable SocketAddress remoteAddress0() {
        return connected ? remote : null;
    }

    @Override
    protected void doRegister(ChannelPromise promise) {
        ((IoEventLoop) eventLoop()).register(edgeUnsafe()).addListener((Future<IoRegistration> registered) -> {
            if (!registered.isSuccess()) {
                promise.setFailure(registered.cause());
                return;
            }
            registration = registered.getNow();
            if (connected) {
                awaitEdges();
            }
            promise.setSuccess();
        });
    }

    /** From now on the kernel tells what is ready; told again, it begins with what is ready now. */
    private void awaitEdges() {
        if (registration != null) {
            registration.submit(EVERYTHING);
        }
    }

    @Override
    protected void doBind(SocketAddress local) throws IOException {
        socket().bind(local);
    }

    @Override
    protected void doBeginRead() {
        set(READ_WANTED);
        if (is(CAN_READ) && !is(READING | READ_SCHEDULED)) {
            set(READ_SCHEDULED);
            eventLoop().execute(edgeUnsafe());
        }
    }

    @Override
    protected Object filterOutboundMessage(Object message) {
        if (!(message instanceof ByteBuf bytes)) {
            throw new UnsupportedOperationException("message: " + message.getClass() + " (expected: ByteBuf)");
        }
        if (bytes.isDirect() && bytes.nioBufferCount() == 1) {
            return bytes;
        }
        ByteBuf direct = alloc().directBuffer(bytes.readableBytes());
        direct.writeBytes(bytes, bytes.readerIndex(), bytes.readableBytes());
        ReferenceCountUtil.safeRelease(bytes);
        return direct;
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer waiting) throws IOException {
        while (is(CAN_WRITE) && waiting.current() instanceof ByteBuf bytes) {
            int length = bytes.readableBytes();
            if (is(NAGLE_MATTERS) && (is(HAS_WRITTEN) || length > SMALLEST_SEGMENT)) {
                setNoDelay(true);
            }
            set(HAS_WRITTEN);
            int written = length == 0 ? 0 : write(bytes);
            if (written < length) {
                clear(CAN_WRITE);
            }
            waiting.removeBytes(written); // tells those who wait, who may write more
        }
    }

    /** What was asked for by itself is asked for no longer. */
    void stopReading() {
        if (isRegistered()) {
            inLoop(() -> clear(config.isAutoRead() ? 0 : READ_WANTED));
        }
    }

    private int write(ByteBuf bytes) throws IOException {
        if (bytes.hasMemoryAddress()) {
            return fd.writeAddress(bytes.memoryAddress(), bytes.readerIndex(), bytes.writerIndex());
        }
        ByteBuffer view = bytes.internalNioBuffer(bytes.readerIndex(), bytes.readableBytes());
        return fd.write(view, view.position(), view.limit());
    }

    void setNoDelay(boolean value) throws IOException {
        socket().setTcpNoDelay(value);
        clear(NAGLE_MATTERS);
    }

    @Override
    protected void doShutdownOutput() throws IOException {
        set(OUTPUT_ENDED);
        socket().shutdown(false, true);
    }

    @Override
    protected void doDisconnect() throws IOException {
        doClose();
    }

    @Override
    protected void doClose() throws IOException {
        closing = true;
        if (connecting != null) {
            endConnecting(new ClosedChannelException());
        }
        try {
            fd.close();
        } finally {
            if (registration != null) {
                registration.cancel(); // behind close: what is closed need not be taken out of the epoll set
            }
        }
    }

    @Override
    protected void doDeregister() {
        if (registration != null) {
            registration.cancel();
        }
    }

    private void endConnecting(Throwable cause) {
        Connecting attempt = connecting;
        connecting = null;
        if (attempt != null) {
            if (attempt.timeout() != null) {
                attempt.timeout().cancel(false);
            }
            attempt.promise().tryFailure(cause);
        }
    }

    @Override
    public boolean isInputShutdown() {
        return is(INPUT_ENDED);
    }

    @Override
    public boolean isOutputShutdown() {
        return is(OUTPUT_ENDED);
    }

    @Override
    public boolean isShutdown() {
        return is(INPUT_ENDED) && is(OUTPUT_ENDED);
    }

    @Override
    public ChannelFuture shutdownInput() {
        return shutdownInput(newPromise());
    }

    @Override
    public ChannelFuture shutdownInput(ChannelPromise promise) {
        inLoop(() -> {
            try {
                set(INPUT_ENDED);
                socket().shutdown(true, false);
                promise.setSuccess();
            } catch (IOException | ChannelException e) {
                promise.setFailure(e);
            }
        });
        return promise;
    }

    @Override
    public ChannelFuture shutdownOutput() {
        return shutdownOutput(newPromise());
    }

    @Override
    public ChannelFuture shutdownOutput(ChannelPromise promise) {
        inLoop(() -> endOutput(promise));
        return promise;
    }

    /** Netty makes an exception for those whose writes are cut off, at the price of its stack trace; here are none. */
    private void endOutput(ChannelPromise promise) {
        ChannelOutboundBuffer waiting = unsafe().outboundBuffer();
        if (waiting == null || !waiting.isEmpty()) {
            edgeUnsafe().shutdownOutput(promise);
            return;
        }
        try {
            doShutdownOutput();
            promise.setSuccess();
        } catch (IOException | ChannelException e) {
            promise.setFailure(e);
        }
        pipeline().fireUserEventTriggered(ChannelOutputShutdownEvent.INSTANCE);
    }

    @Override
    public ChannelFuture shutdown() {
        return shutdown(newPromise());
    }

    @Override
    public ChannelFuture shutdown(ChannelPromise promise) {
        shutdownInput().addListener(ended -> shutdownOutput(promise));
        return promise;
    }

    private void inLoop(Runnable task) {
        if (eventLoop().inEventLoop()) {
            task.run();
        } else {
            eventLoop().execute(task);
        }
    }

    /** What Netty and the kernel tell this channel; as a task, a read that was asked for outside of one. */
    private final class EdgeUnsafe extends AbstractUnsafe implements EpollIoHandle, Runnable {
        @Override
        public FileDescriptor fd() {
            return fd;
        }

        @Override
        public void handle(IoRegistration from, IoEvent event) {
            int told = ((EpollIoEvent) event).ops().value();
            if (connecting != null && isOpen() && (told & (OUT | ERR | HUP)) != 0) {
                finishConnect(told);
            }
            if (!isActive()) {
                return;
            }
            remember(told);
            if ((told & OUT) != 0) {
                super.flush0();
            }
            // Behind a reset no peer's slowness counts: what is there is passed on, and then that it was reset.
            if (isActive() && is(CAN_READ) && (is(READ_WANTED) || is(ERROR))) {
                readTurn();
            }
            if (isActive() && is(ERROR) && is(INPUT_ENDED)) {
                tellPendingError();
            }
        }

        private void remember(int told) {
            if ((told & OUT) != 0) {
                set(CAN_WRITE);
            }
            if ((told & (IN | PRI | RDHUP | ERR)) != 0 && !is(INPUT_ENDED)) {
                set(CAN_READ);
            }
            if ((told & RDHUP) != 0) {
                set(PEER_FINISHED);
            }
            if ((told & PRI) != 0) {
                set(URGENT);
            }
            if ((told & ERR) != 0) {
                set(ERROR);
            }
        }

        @Override
        public void run() {
            clear(READ_SCHEDULED);
            if (isActive() && is(CAN_READ) && is(READ_WANTED)) {
                readTurn();
            }
        }

        private void readTurn() {
            RecvByteBufAllocator.ExtendedHandle sizes = (RecvByteBufAllocator.ExtendedHandle) recvBufAllocHandle();
            ChannelPipeline pipeline = pipeline();
            sizes.reset(config);
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
                failWith(e);
            } finally {
                clear(READING);
            }
            if (ended && isOpen()) {
                endInput();
            } else if (mayReadOn()) {
                awaitEdges();
            }
        }

        private boolean mayReadOn() {
            return isActive() && is(CAN_READ) && (is(READ_WANTED) || config.isAutoRead() || is(ERROR));
        }

        /** Whether that was the end of the stream. */
        private boolean readOnce(RecvByteBufAllocator.ExtendedHandle sizes, ChannelPipeline pipeline)
                throws IOException {
            ByteBuf bytes = sizes.allocate(alloc());
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
            clear(READ_WANTED);
            boolean ended = is(PEER_FINISHED) && !is(CAN_READ);
            pipeline.fireChannelRead(bytes);
            return ended;
        }

        private int read(ByteBuf into) throws IOException {
            if (into.hasMemoryAddress()) {
                return fd.readAddress(into.memoryAddress(), into.writerIndex(), into.capacity());
            }
            ByteBuffer view = into.internalNioBuffer(into.writerIndex(), into.writableBytes());
            return fd.read(view, view.position(), view.limit());
        }

        private void endInput() {
            set(INPUT_ENDED);
            clear(CAN_READ | READ_WANTED);
            if (config.isAllowHalfClosure()) {
                pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
                pipeline().fireUserEventTriggered(ChannelInputShutdownReadComplete.INSTANCE);
            } else {
                close(voidPromise());
            }
        }

        private void failWith(Throwable cause) {
            clear(CAN_READ | CAN_WRITE);
            pipeline().fireExceptionCaught(cause);
            if (isOpen()) {
                close(voidPromise());
            }
        }

        /** Behind the end of the stream reads tell of no error. */
        private void tellPendingError() {
            try {
                int errno = socket().getSoError();
                clear(ERROR);
                if (errno != 0) {
                    failWith(Errors.newIOException("read", -errno));
                }
            } catch (IOException e) {
                failWith(e);
            }
        }

        /** What could not be written before cannot be written until the kernel says so. */
        @Override
        protected void flush0() {
            if (is(CAN_WRITE)) {
                super.flush0();
            }
        }

        @Override
        public void connect(SocketAddress to, @Nullable SocketAddress from, ChannelPromise promise) {
            if (!promise.setUncancellable() || !ensureOpen(promise)) {
                return;
            }
            try {
                if (connecting != null) {
                    throw new ConnectionPendingException();
                }
                if (connected) {
                    throw new AlreadyConnectedException();
                }
                if (from != null) {
                    doBind(from);
                }
                remote = (InetSocketAddress) to;
                if (socket().connect(to)) {
                    succeed(promise);
                    awaitEdges();
                } else {
                    connecting = new Connecting(promise, connectTimeout(to));
                    awaitEdges();
                }
            } catch (IOException | RuntimeException e) {
                promise.tryFailure(annotateConnectException(e, to));
            }
        }

        private @Nullable Future<?> connectTimeout(SocketAddress to) {
            int millis = config.getConnectTimeoutMillis();
            if (millis <= 0) {
                return null;
            }
            return eventLoop()
                    .schedule(
                            () -> {
                                endConnecting(new ConnectTimeoutException(
                                        "connection timed out after " + millis + " ms: " + to));
                                close(voidPromise());
                            },
                            millis,
                            TimeUnit.MILLISECONDS);
        }

        private void finishConnect(int told) {
            try {
                if ((told & (ERR | HUP)) != 0 && !socket().finishConnect()) {
                    return;
                }
            } catch (IOException e) {
                endConnecting(annotateConnectException(e, remote));
                return;
            }
            Connecting attempt = connecting;
            connecting = null;
            if (attempt != null) {
                if (attempt.timeout() != null) {
                    attempt.timeout().cancel(false);
                }
                succeed(attempt.promise());
            }
        }

        private void succeed(ChannelPromise promise) {
            connected = true;
            set(CAN_WRITE);
            promise.trySuccess();
            if (isActive()) {
                pipeline().fireChannelActive();
            }
        }

        /** Behind all events of this turn. */
        @Override
        protected @Nullable Executor prepareToClose() {
            closing = true;
            return isRegistered() ? eventLoop() : null;
        }

        @Override
        public void close() {
            close(voidPromise());
        }
    }
}
