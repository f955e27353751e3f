package dev.cgnat.bench.peers.work;

import dev.cgnat.bench.peers.work.WorkResult.Figure;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Flows that carry as many bytes as go, one way. Runs on one event loop. */
final class BulkFlows {
    private static final ByteBuf ASK = Wire.message(Wire.SOURCE, 1);
    private static final ByteBuf FIRST = Wire.message(Wire.DISCARD, 1);
    private static final ByteBuf CHUNK = Wire.message(Wire.DISCARD, Wire.CHUNK);

    private final WorkOrder order;
    private final Connector connector;
    private final EventExecutor loop;
    private final CompletableFuture<WorkResult> result = new CompletableFuture<>();
    private final List<Flow> flows = new ArrayList<>();
    private final Tally tally = new Tally();

    private BulkFlows(WorkOrder order, Connector connector, EventExecutor loop) {
        this.order = order;
        this.connector = connector;
        this.loop = loop;
    }

    /** Completes when the time is over and the flows are closed. */
    static CompletableFuture<WorkResult> run(WorkOrder order, Connector connector, EventExecutor loop) {
        BulkFlows bulk = new BulkFlows(order, connector, loop);
        loop.execute(bulk::start);
        return bulk.result;
    }

    private void start() {
        for (int i = 0; i < order.flows(); i++) {
            connector.open(Flow::new);
        }
        loop.schedule(this::finish, (long) (order.seconds() * 1e9), TimeUnit.NANOSECONDS);
    }

    private void finish() {
        long bytes = flows.stream().mapToLong(flow -> flow.bytes).sum();
        long fastest = flows.stream().mapToLong(flow -> flow.bytes).max().orElse(0);
        long slowest = flows.size() < order.flows()
                ? 0
                : flows.stream().mapToLong(flow -> flow.bytes).min().orElse(0);
        WorkResult told = tally.result()
                .with(Figure.BYTES, (double) bytes)
                .with(Figure.FAIRNESS, fastest == 0 ? 0 : (double) slowest / fastest);
        flows.forEach(Flow::close);
        result.complete(told);
    }

    private final class Flow extends ClientFlow {
        private long bytes;
        private Runnable close = () -> {};

        Flow() {
            super(connector.hasHandshake());
        }

        @Override
        void stands(ChannelHandlerContext ctx) {
            flows.add(this);
            close = ctx::close;
            if (order.kind() == WorkOrder.Kind.DOWNLOAD) {
                ctx.writeAndFlush(ASK.duplicate(), ctx.voidPromise());
            } else {
                ctx.writeAndFlush(FIRST.duplicate(), ctx.voidPromise());
                pour(ctx);
            }
        }

        private void pour(ChannelHandlerContext ctx) {
            while (ctx.channel().isWritable() && !result.isDone()) {
                ctx.writeAndFlush(CHUNK.duplicate()).addListener((ChannelFutureListener) written -> {
                    if (written.isSuccess()) {
                        bytes += Wire.CHUNK;
                    }
                });
            }
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            if (order.kind() == WorkOrder.Kind.UPLOAD && isStanding()) {
                pour(ctx);
            }
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf read) {
            bytes += read.readableBytes();
        }

        void close() {
            close.run();
        }

        @Override
        void ended(String reason) {
            if (!result.isDone()) {
                tally.failed(reason);
            }
        }
    }
}
