package dev.cgnat.proxy.transport;

import io.netty.channel.AbstractServerChannel;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.NativeInetAddress;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** Accepts {@link EdgeSocketChannel}s. <b>Ownership</b>: its event loop. */
/*
 * Level-triggered, as a turn ends before the queue is empty when many come at once. Its socket has TCP_NODELAY for those that
 * inherit it.
 */
public final class EdgeServerChannel extends AbstractServerChannel implements ServerSocketChannel, UnixChannel {
    /** sockaddr as Netty's bridge writes it: its length, the address, scope and port. */
    private static final int ADDRESS_BYTES = 25;

    private final BareSocket socket;
    private final EdgeServerConfig config;
    private volatile boolean listening;
    private boolean readWanted;
    private @Nullable IoRegistration registration;

    /** A socket that can listen on addresses of both families; on the IPv4 wildcard it hears IPv6 clients too. */
    public EdgeServerChannel() {
        this(Socket.isIPv6Preferred() ? SocketProtocolFamily.INET6 : SocketProtocolFamily.INET);
    }

    /** A socket for addresses of one family; on the wildcard of IPv6 it hears both. */
    public EdgeServerChannel(SocketProtocolFamily family) {
        socket = BareSocket.open(family);
        config = new EdgeServerConfig(this);
    }

    @Override
    public FileDescriptor fd() {
        return socket;
    }

    BareSocket socket() {
        return socket;
    }

    @Override
    public EdgeServerConfig config() {
        return config;
    }

    @Override
    public boolean isOpen() {
        return socket.isOpen();
    }

    @Override
    public boolean isActive() {
        return listening && isOpen();
    }

    @Override
    public InetSocketAddress localAddress() {
        return (InetSocketAddress) super.localAddress();
    }

    @Override
    public @Nullable InetSocketAddress remoteAddress() {
        return null;
    }

    @Override
    protected @Nullable SocketAddress localAddress0() {
        return isActive() ? socket.whole().localAddress() : null;
    }

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return loop instanceof IoEventLoop ioLoop && ioLoop.isCompatible(AcceptUnsafe.class);
    }

    @Override
    protected AbstractUnsafe newUnsafe() {
        return new AcceptUnsafe();
    }

    @Override
    protected void doRegister(ChannelPromise promise) {
        ((IoEventLoop) eventLoop())
                .register((AcceptUnsafe) unsafe())
                .addListener((Future<IoRegistration> registered) -> {
                    if (registered.isSuccess()) {
                        registration = registered.getNow();
                        promise.setSuccess();
                    } else {
                        promise.setFailure(registered.cause());
                    }
                });
    }

    @Override
    protected void doBind(SocketAddress local) throws IOException {
        socket.bind(local);
        LinuxOptions.set(socket, ChannelOption.TCP_NODELAY, true);
        socket.whole().listen(config.getBacklog());
        listening = true;
        localAddress(); // is known for as long as the channel is, even closed
    }

    @Override
    protected void doBeginRead() {
        if (!readWanted && registration != null && isActive()) {
            readWanted = true;
            registration.submit(EpollIoOps.EPOLLIN);
        }
    }

    @Override
    protected void doClose() throws IOException {
        listening = false;
        try {
            socket.close();
        } finally {
            doDeregister();
        }
    }

    @Override
    protected void doDeregister() {
        if (registration != null) {
            registration.cancel();
        }
    }

    private final class AcceptUnsafe extends AbstractUnsafe implements EpollIoHandle {
        private final byte[] address = new byte[ADDRESS_BYTES];

        @Override
        public FileDescriptor fd() {
            return socket;
        }

        @Override
        public void handle(IoRegistration from, IoEvent event) {
            if (!isActive()) {
                return;
            }
            RecvByteBufAllocator.ExtendedHandle limit = (RecvByteBufAllocator.ExtendedHandle) recvBufAllocHandle();
            ChannelPipeline pipeline = pipeline();
            limit.reset(config);
            IOException failure = null;
            try {
                boolean wasOne;
                do {
                    wasOne = accept(pipeline);
                    limit.lastBytesRead(wasOne ? 1 : 0);
                    limit.incMessagesRead(wasOne ? 1 : 0);
                } while (wasOne && isActive() && limit.continueReading());
            } catch (IOException e) {
                failure = e;
            }
            limit.readComplete();
            pipeline.fireChannelReadComplete();
            if (failure != null) {
                pipeline.fireExceptionCaught(failure);
            }
            if (!config.isAutoRead() && isActive()) {
                readWanted = false;
                from.submit(EpollIoOps.EPOLLET); // a member that hears nothing
            }
        }

        private boolean accept(ChannelPipeline pipeline) throws IOException {
            int accepted = socket.whole().accept(address);
            if (accepted < 0) {
                return false;
            }
            InetSocketAddress remote = NativeInetAddress.address(address, 1, address[0]);
            pipeline.fireChannelRead(
                    new EdgeSocketChannel(EdgeServerChannel.this, new BareSocket(accepted, socket.isIpv6()), remote));
            return true;
        }

        @Override
        public void connect(SocketAddress to, @Nullable SocketAddress from, ChannelPromise promise) {
            safeSetFailure(promise, new UnsupportedOperationException());
        }

        @Override
        public void close() {
            close(voidPromise());
        }
    }
}
