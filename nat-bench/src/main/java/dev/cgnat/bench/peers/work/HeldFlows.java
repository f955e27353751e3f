package dev.cgnat.bench.peers.work;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.EventExecutor;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Connections that stay from one order to the next. A flow counts as kept once an echo came back through it. */
final class HeldFlows {
    private static final int AT_ONCE = 50;
    private static final long CHECK_SECONDS = 10;
    private static final long POLL_MILLIS = 5;
    private static final ByteBuf FIRST = Wire.message(Wire.ECHO, 2);
    private static final ByteBuf PROBE = Wire.message(Wire.ECHO, 1);

    private final EventExecutor loop;
    private final Set<Flow> kept = new LinkedHashSet<>();
    private int opening;
    private long tried;
    private Tally tally = new Tally();

    HeldFlows(EventExecutor loop) {
        this.loop = loop;
    }

    /** Opens connections until as many as asked for are kept, or as many were tried. */
    CompletableFuture<WorkResult> hold(WorkOrder order, Connector connector) {
        CompletableFuture<WorkResult> result = new CompletableFuture<>();
        loop.execute(() -> {
            tally = new Tally();
            tried = 0;
            fill(order, connector, result);
        });
        return result;
    }

    private void fill(WorkOrder order, Connector connector, CompletableFuture<WorkResult> result) {
        boolean isOver = kept.size() >= order.flows() || tried >= order.limit() || tally.seconds() > order.seconds();
        if (isOver && opening == 0) {
            result.complete(WorkResult.of(kept.size(), tally.result().failed(), tally.seconds()));
            return;
        }
        while (!isOver && opening < AT_ONCE && tried < order.limit() && (kept.size() + opening < order.flows())) {
            opening++;
            tried++;
            connector.open(() -> new Flow(connector.hasHandshake(), () -> fill(order, connector, result)));
        }
    }

    /** Asks every kept flow for an echo; those that give none in time are lost. */
    CompletableFuture<WorkResult> check() {
        CompletableFuture<WorkResult> result = new CompletableFuture<>();
        loop.execute(() -> {
            tally = new Tally();
            kept.forEach(Flow::probe);
            awaitEchoes(result);
        });
        return result;
    }

    private void awaitEchoes(CompletableFuture<WorkResult> result) {
        long answered = kept.stream().filter(flow -> flow.owed == 0).count();
        if (answered == kept.size() || tally.seconds() > CHECK_SECONDS) {
            result.complete(WorkResult.of(answered, tally.result().failed(), tally.seconds()));
        } else {
            loop.schedule(() -> awaitEchoes(result), POLL_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** Closes all. */
    CompletableFuture<WorkResult> release() {
        CompletableFuture<WorkResult> result = new CompletableFuture<>();
        loop.execute(() -> {
            tally = new Tally();
            long count = kept.size();
            for (Flow flow : Set.copyOf(kept)) {
                flow.close();
            }
            result.complete(WorkResult.of(count, tally.result().failed(), tally.seconds()));
        });
        return result;
    }

    private final class Flow extends ClientFlow {
        private final Runnable decided;
        private CompletableFuture<Channel> channel = new CompletableFuture<>();
        private int owed;

        Flow(boolean hasHandshake, Runnable decided) {
            super(hasHandshake);
            this.decided = decided;
        }

        @Override
        void stands(ChannelHandlerContext ctx) {
            channel.complete(ctx.channel());
            owed = FIRST.readableBytes() - 1;
            ctx.writeAndFlush(FIRST.duplicate(), ctx.voidPromise());
        }

        void probe() {
            owed++;
            channel.join().writeAndFlush(PROBE.duplicate(), channel.join().voidPromise());
        }

        void close() {
            kept.remove(this);
            channel.join().close();
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf bytes) {
            owed -= bytes.readableBytes();
            if (owed == 0 && kept.add(this)) {
                opening--;
                decided.run();
            }
        }

        @Override
        void ended(String reason) {
            if (kept.remove(this)) {
                tally.failed("lost");
            } else if (!channel.isDone() || owed > 0) {
                tally.failed(reason);
                opening--;
                decided.run();
            }
        }
    }
}
