package dev.cgnat.proxy.ingress;

import dev.cgnat.proxy.transport.EmbeddedSocketChannel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** An outside leg in memory, whose bind fails as the test has said beforehand and whose connect the test answers. */
public final class OutsideChannel extends EmbeddedSocketChannel {
    private static final Deque<OutsideChannel> OPENED = new ArrayDeque<>();
    private static Optional<Exception> bindFailure = Optional.empty();

    private Optional<ChannelPromise> connecting = Optional.empty();

    public OutsideChannel() {
        OPENED.add(this);
        pipeline().addLast("script", new Script());
    }

    static void reset() {
        OPENED.clear();
        bindFailure = Optional.empty();
    }

    /** Every bind from now on fails so. */
    static void failBinds(Exception failure) {
        bindFailure = Optional.of(failure);
    }

    static int opened() {
        return OPENED.size();
    }

    static List<OutsideChannel> all() {
        return List.copyOf(OPENED);
    }

    static OutsideChannel last() {
        return OPENED.getLast();
    }

    boolean isConnecting() {
        return connecting.isPresent();
    }

    void connect() {
        connecting.orElseThrow().setSuccess();
        runPendingTasks();
    }

    void failConnect(Exception failure) {
        connecting.orElseThrow().tryFailure(failure);
        runPendingTasks();
    }

    private final class Script extends ChannelOutboundHandlerAdapter {
        @Override
        public void bind(ChannelHandlerContext ctx, SocketAddress local, ChannelPromise promise) {
            bindFailure.ifPresentOrElse(promise::setFailure, promise::setSuccess);
        }

        @Override
        public void connect(
                ChannelHandlerContext ctx, SocketAddress remote, SocketAddress local, ChannelPromise promise) {
            connecting = Optional.of(promise);
            ctx.channel()
                    .closeFuture()
                    .addListener(closed -> promise.tryFailure(new java.nio.channels.ClosedChannelException()));
        }
    }
}
