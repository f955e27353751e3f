package dev.cgnat.proxy.transport;

import io.netty.channel.AbstractChannel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelOutputShutdownEvent;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** The two directions of a TCP connection, each of which ends by itself. <b>Ownership</b>: the event loop. */
abstract class TwoWayChannel extends AbstractChannel implements SocketChannel {
    private boolean inputEnded;
    private boolean outputEnded;

    TwoWayChannel(@Nullable ServerSocketChannel parent) {
        super(parent);
    }

    /** As long as the channel is open; {@link ChannelException} if it is not. */
    abstract BareSocket socket();

    @Override
    public final @Nullable ServerSocketChannel parent() {
        return (ServerSocketChannel) super.parent();
    }

    @Override
    public final InetSocketAddress localAddress() {
        return (InetSocketAddress) super.localAddress();
    }

    @Override
    public final InetSocketAddress remoteAddress() {
        return (InetSocketAddress) super.remoteAddress();
    }

    /** Nothing more will be read. */
    final void inputEnded() {
        inputEnded = true;
    }

    @Override
    public final boolean isInputShutdown() {
        return inputEnded;
    }

    @Override
    public final boolean isOutputShutdown() {
        return outputEnded;
    }

    @Override
    public final boolean isShutdown() {
        return inputEnded && outputEnded;
    }

    @Override
    public final ChannelFuture shutdownInput() {
        return shutdownInput(newPromise());
    }

    @Override
    public final ChannelFuture shutdownInput(ChannelPromise promise) {
        if (eventLoop().inEventLoop()) {
            endInput(promise);
        } else {
            eventLoop().execute(() -> endInput(promise));
        }
        return promise;
    }

    private void endInput(ChannelPromise promise) {
        try {
            inputEnded = true;
            socket().shutdown(true, false);
            promise.setSuccess();
        } catch (IOException | ChannelException e) {
            promise.setFailure(e);
        }
    }

    @Override
    public final ChannelFuture shutdownOutput() {
        return shutdownOutput(newPromise());
    }

    @Override
    public final ChannelFuture shutdownOutput(ChannelPromise promise) {
        if (eventLoop().inEventLoop()) {
            endOutput(promise);
        } else {
            eventLoop().execute(() -> endOutput(promise));
        }
        return promise;
    }

    /** Netty makes an exception for those whose writes are cut off, at the price of its stack trace; here are none. */
    private void endOutput(ChannelPromise promise) {
        ChannelOutboundBuffer waiting = unsafe().outboundBuffer();
        if (waiting == null || !waiting.isEmpty()) {
            ((AbstractUnsafe) unsafe()).shutdownOutput(promise);
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
    protected final void doShutdownOutput() throws IOException {
        outputEnded = true;
        socket().shutdown(false, true);
    }

    @Override
    public final ChannelFuture shutdown() {
        return shutdown(newPromise());
    }

    @Override
    public final ChannelFuture shutdown(ChannelPromise promise) {
        shutdownInput().addListener(ended -> shutdownOutput(promise));
        return promise;
    }
}
