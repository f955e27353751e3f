package dev.cgnat.proxy.transport;

import io.netty.channel.ChannelException;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ConnectionPendingException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A TCP socket on Netty's epoll event loop that asks the kernel for nothing that it knows or does not need.
 *
 * <p><b>Costs</b>: of a connection that is accepted, answered and closed: accept4, epoll_ctl, two recv, send, close; of one that
 * is opened: socket, bind, connect, epoll_ctl, two recv, send, close, and two options.
 * Netty's own channel takes twice as many. <b>Ownership</b>: its event loop.
 */
/*
 * What is ready is remembered (EdgeEvents says why): to read by EdgeReader, to write by EdgeWriter.
 *
 * The descriptor is closed when all events of a turn have been handled: else the next socket gets its number, and with it what the
 * kernel had to say of this one.
 */
public final class EdgeSocketChannel extends TwoWayChannel implements UnixChannel {
    private static final ChannelMetadata METADATA = new ChannelMetadata(false, 16);

    private final BareSocket socket;
    private final EdgeSocketConfig config;
    private final EdgeReader reader;
    private final EdgeWriter writer;
    private volatile boolean connected;
    private volatile boolean closing;
    private @Nullable IoRegistration registration;
    private @Nullable ConnectAttempt connecting;
    private @Nullable InetSocketAddress remote;

    /** A socket that can connect to addresses of both families. */
    public EdgeSocketChannel() {
        this(Socket.isIPv6Preferred() ? SocketProtocolFamily.INET6 : SocketProtocolFamily.INET);
    }

    /** A socket for addresses of one family; those of IPv4 cost one call less. */
    public EdgeSocketChannel(SocketProtocolFamily family) {
        super(null);
        socket = BareSocket.open(family);
        config = new EdgeSocketConfig(this);
        reader = new EdgeReader(this);
        writer = new EdgeWriter(this, true);
    }

    /** A connection that {@code parent} has accepted. */
    EdgeSocketChannel(ServerSocketChannel parent, BareSocket accepted, InetSocketAddress remote) {
        super(parent);
        socket = accepted;
        config = new EdgeSocketConfig(this);
        reader = new EdgeReader(this);
        writer = new EdgeWriter(this, false);
        writer.mayWrite();
        connected = true;
        this.remote = remote;
    }

    @Override
    public FileDescriptor fd() {
        return socket;
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
        return !closing && socket.isOpen();
    }

    @Override
    public boolean isActive() {
        return connected && isOpen();
    }

    /**
     * For options and shutdowns.
     *
     * @throws ChannelException if the channel is closed: the number may be another socket's by now
     */
    @Override
    BareSocket socket() {
        if (!isOpen()) {
            throw new ChannelException(new ClosedChannelException());
        }
        return socket;
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
        return isOpen() ? socket.whole().localAddress() : null;
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
    void awaitEdges() {
        if (registration != null) {
            registration.submit(EdgeEvents.EVERYTHING);
        }
    }

    @Override
    protected void doBind(SocketAddress local) throws IOException {
        socket().bind(local);
    }

    @Override
    protected void doBeginRead() {
        reader.ask();
    }

    @Override
    protected Object filterOutboundMessage(Object message) {
        return EdgeWriter.direct(message, alloc());
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer waiting) throws IOException {
        writer.write(waiting);
    }

    /** What was asked for by itself is asked for no longer. */
    void stopReading() {
        if (isRegistered()) {
            if (eventLoop().inEventLoop()) {
                reader.stopUnlessAutomatic();
            } else {
                eventLoop().execute(reader::stopUnlessAutomatic);
            }
        }
    }

    /** See {@link EdgeReader#readAhead}. */
    void readAhead() {
        reader.readAhead();
    }

    /** See {@link EdgeReader#tellsLast}. */
    boolean tellsLast() {
        return reader.tellsLast();
    }

    /** See {@link EdgeWriter#endFollows}. */
    void endFollows() {
        writer.endFollows();
    }

    void setNoDelay(boolean value) throws IOException {
        writer.setNoDelay(value);
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
            socket.close();
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

    /** The kernel, or the timer, has decided against the connection that was asked for. */
    void endConnecting(Throwable cause) {
        ConnectAttempt attempt = connecting;
        connecting = null;
        if (attempt != null) {
            attempt.end().tryFailure(cause);
        }
    }

    /** Past the handlers; nobody waits for it. */
    void closeAtOnce() {
        edgeUnsafe().close();
    }

    /** Nothing more can be read or written. */
    void failWith(Throwable cause) {
        reader.forget();
        writer.forget();
        pipeline().fireExceptionCaught(cause);
        if (isOpen()) {
            closeAtOnce();
        }
    }

    /** What Netty and the kernel tell this channel. */
    private final class EdgeUnsafe extends AbstractUnsafe implements EpollIoHandle {
        @Override
        public FileDescriptor fd() {
            return socket;
        }

        @Override
        public void handle(IoRegistration from, IoEvent event) {
            int told = ((EpollIoEvent) event).ops().value();
            if (connecting != null && isOpen() && (told & EdgeEvents.CONNECT_DONE) != 0) {
                finishConnect(told);
            }
            if (!isActive()) {
                return;
            }
            reader.remember(told);
            if ((told & EdgeEvents.OUT) != 0) {
                writer.mayWrite();
                super.flush0();
            }
            if (isActive()) {
                reader.onEdge();
            }
        }

        /** What could not be written before cannot be written until the kernel says so. */
        @Override
        protected void flush0() {
            if (writer.canWrite()) {
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
                } else {
                    connecting = new ConnectAttempt(EdgeSocketChannel.this, to, promise);
                }
                awaitEdges();
            } catch (IOException | RuntimeException e) {
                promise.tryFailure(annotateConnectException(e, to));
            }
        }

        private void finishConnect(int told) {
            try {
                if ((told & EdgeEvents.FAILURE) != 0) {
                    ConnectAttempt.requireNoError(socket().whole());
                }
            } catch (IOException e) {
                endConnecting(annotateConnectException(e, remote));
                return;
            }
            ConnectAttempt attempt = connecting;
            connecting = null;
            if (attempt != null) {
                succeed(attempt.end());
            }
        }

        private void succeed(ChannelPromise promise) {
            connected = true;
            writer.mayWrite();
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
