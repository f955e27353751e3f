package dev.cgnat.proxy.transport;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DefaultSocketChannelConfig;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketChannelConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** A TCP connection in memory: one thread, a clock that stands still, and a far end that the test plays. */
@SuppressWarnings("this-escape") // a lint of JDK 21 and later; nothing here meets the fields of a subclass
public class EmbeddedSocketChannel extends EmbeddedChannel implements SocketChannel {
    private final LingerSocket socket = new LingerSocket();
    private final SocketChannelConfig config = new DefaultSocketChannelConfig(this, socket);
    private final Deque<Runnable> heldWrites = new ArrayDeque<>();
    private final InetSocketAddress remote;
    private boolean holdsWrites;
    private boolean inputShutdown;
    private boolean outputShutdown;

    /** Not registered with an event loop yet. */
    public EmbeddedSocketChannel() {
        this(InetAddress.getLoopbackAddress());
    }

    /** As before, from {@code source}. */
    public EmbeddedSocketChannel(InetAddress source) {
        super(EmbeddedChannel.builder().register(false));
        remote = new InetSocketAddress(source, 50_000);
        config.setAllowHalfClosure(true);
        pipeline().addLast("far-end", new FarEnd());
    }

    /** From now on writes stay pending until {@link #letWrite}. */
    public void holdWrites() {
        holdsWrites = true;
    }

    public void letWrite() {
        holdsWrites = false;
        while (!heldWrites.isEmpty()) {
            heldWrites.remove().run();
        }
        flush();
        runPendingTasks();
    }

    /** The far side closes its direction. */
    public void receiveFin() {
        inputShutdown = true;
        pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        runPendingTasks();
    }

    /** The far side resets. */
    public void receiveReset() {
        pipeline().fireExceptionCaught(new java.io.IOException("Connection reset by peer"));
        close();
        runPendingTasks();
    }

    /** Whether it was closed in a way that the far side sees as a reset. */
    public boolean wasReset() {
        return !isOpen() && socket.linger == 0;
    }

    @Override
    public SocketChannelConfig config() {
        return config;
    }

    @Override
    public @Nullable ServerSocketChannel parent() {
        return null;
    }

    @Override
    public InetSocketAddress localAddress() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 1080);
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return remote;
    }

    @Override
    public boolean isInputShutdown() {
        return inputShutdown;
    }

    @Override
    public ChannelFuture shutdownInput() {
        return shutdownInput(newPromise());
    }

    @Override
    public ChannelFuture shutdownInput(ChannelPromise promise) {
        inputShutdown = true;
        return promise.setSuccess();
    }

    @Override
    public boolean isOutputShutdown() {
        return outputShutdown;
    }

    @Override
    public ChannelFuture shutdownOutput() {
        return shutdownOutput(newPromise());
    }

    @Override
    public ChannelFuture shutdownOutput(ChannelPromise promise) {
        outputShutdown = true;
        return promise.setSuccess();
    }

    @Override
    public boolean isShutdown() {
        return inputShutdown && outputShutdown;
    }

    @Override
    public ChannelFuture shutdown() {
        return shutdown(newPromise());
    }

    @Override
    public ChannelFuture shutdown(ChannelPromise promise) {
        inputShutdown = true;
        return shutdownOutput(promise);
    }

    private final class FarEnd extends ChannelOutboundHandlerAdapter {
        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            if (holdsWrites) {
                heldWrites.add(() -> ctx.writeAndFlush(message, promise));
            } else {
                ctx.write(message, promise);
            }
        }
    }

    /** Takes options without a kernel. */
    private static final class LingerSocket extends Socket {
        private int linger = -1;

        @Override
        public void setSoLinger(boolean on, int seconds) {
            linger = on ? seconds : -1;
        }

        @Override
        public int getSoLinger() {
            return linger;
        }

        @Override
        public void setTcpNoDelay(boolean on) {}

        @Override
        public void setReuseAddress(boolean on) {}
    }
}
