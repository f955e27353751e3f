package dev.cgnat.proxy.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.IoEvent;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import java.io.IOException;

/** Netty's epoll, with sockets that stay in the epoll set while they wait for nothing, and hear of every reset. */
/*
 * Since https://github.com/netty/netty/pull/16689 a socket whose last interest is taken away leaves the epoll set, but
 * Netty still takes it for a member: its next interest is an EPOLL_CTL_MOD that fails with ENOENT, and the channel is
 * closed with whatever it still had to read or to write. With autoRead off that is the ordinary fate of a socket whose far
 * side has closed: EPOLLRDHUP goes when the FIN has been seen, EPOLLIN while the peer is slow.
 *
 * Edge-triggered errors alone stand for no interest here. They keep the membership, and wake the loop at most once each,
 * where the level-triggered ones that the change was made against woke it for ever.
 *
 * What they are kept for: a reset that comes behind the FIN of the same side. The kernel ends every read of such a socket with
 * the FIN, never with the error, so Netty reads no more of it and takes the event for nothing; only the next write would fail.
 */
final class EpollRegistrations implements IoHandler {
    private final IoHandler epoll;

    private EpollRegistrations(IoHandler epoll) {
        this.epoll = epoll;
    }

    static IoHandlerFactory newFactory() {
        IoHandlerFactory factory = EpollIoHandler.newFactory();
        return executor -> new EpollRegistrations(factory.newHandler(executor));
    }

    @Override
    public void initialize() {
        epoll.initialize();
    }

    @Override
    public int run(IoHandlerContext context) {
        return epoll.run(context);
    }

    @Override
    public void prepareToDestroy() {
        epoll.prepareToDestroy();
    }

    @Override
    public void destroy() {
        epoll.destroy();
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        return new Member(epoll.register(new Watched((EpollIoHandle) handle)));
    }

    @Override
    public void wakeup() {
        epoll.wakeup();
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> handleType) {
        return epoll.isCompatible(handleType);
    }

    private record Watched(EpollIoHandle handle) implements EpollIoHandle {
        @Override
        public void handle(IoRegistration registration, IoEvent event) {
            handle.handle(registration, event);
            if (((EpollIoEvent) event).ops().contains(EpollIoOps.EPOLLERR)
                    && handle instanceof Channel.Unsafe unsafe
                    && handle.fd() instanceof Socket socket
                    && socket.isOpen()
                    && socket.isInputShutdown()) {
                ChannelPipeline pipeline = unsafe.voidPromise().channel().pipeline();
                pipeline.fireExceptionCaught(new IOException("reset behind the FIN"));
            }
        }

        @Override
        public FileDescriptor fd() {
            return handle.fd();
        }

        @Override
        public void registered() {
            handle.registered();
        }

        @Override
        public void unregistered() {
            handle.unregistered();
        }

        @Override
        public void close() throws Exception {
            handle.close();
        }
    }

    private static final class Member implements IoRegistration {
        private final IoRegistration registration;
        private boolean hasJoined;

        Member(IoRegistration registration) {
            this.registration = registration;
        }

        @Override
        @SuppressWarnings("TypeParameterUnusedInFormals") // Netty's signature
        public <T> T attachment() {
            return registration.attachment();
        }

        @Override
        public long submit(IoOps ops) {
            boolean isNone = ops.equals(EpollIoOps.NONE);
            if (isNone && hasJoined) {
                return registration.submit(EpollIoOps.EPOLLET);
            }
            hasJoined |= !isNone;
            return registration.submit(ops);
        }

        @Override
        public boolean isValid() {
            return registration.isValid();
        }

        @Override
        public boolean cancel() {
            return registration.cancel();
        }
    }
}
