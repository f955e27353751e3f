package dev.cgnat.bench.peers.work;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Connect, request, response, close, over and over. Runs on one event loop. */
final class ShortFlows {
    /** Before a flow takes the place of one that failed: a peer that refuses at once is not asked in a tight loop. */
    private static final long AFTER_FAILURE_MILLIS = 1;
    /** Times a flow: who rests between flows does so that the peer hears of the end, which takes a slow one longer. */
    private static final int PAUSE_PER_FLOW = 4;
    /** For flows that are on their way when the time is over. */
    private static final long GRACE_SECONDS = 5;

    private static final ByteBuf KEEP = Wire.message(Wire.ANSWER, Wire.REQUEST);
    private static final ByteBuf CLOSE = Wire.message(Wire.ANSWER_AND_CLOSE, Wire.REQUEST);

    private final WorkOrder order;
    private final Connector connector;
    private final EventExecutor loop;
    private final CompletableFuture<WorkResult> result = new CompletableFuture<>();
    private final Tally tally = new Tally();
    private long begun;
    private int underWay;

    private ShortFlows(WorkOrder order, Connector connector, EventExecutor loop) {
        this.order = order;
        this.connector = connector;
        this.loop = loop;
    }

    /** Completes when every flow has ended, or some have not although the time is over. */
    static CompletableFuture<WorkResult> run(WorkOrder order, Connector connector, EventExecutor loop) {
        ShortFlows flows = new ShortFlows(order, connector, loop);
        loop.execute(flows::start);
        return flows.result;
    }

    private void start() {
        if (order.rate() > 0) {
            underWay = 1; // the pace itself
            Pace.start(loop, order.rate(), order.seconds(), this::begin, this::endOne);
        } else {
            for (int i = 0; i < order.flows(); i++) {
                next();
            }
        }
        loop.schedule(this::giveUp, (long) ((order.seconds() + GRACE_SECONDS) * 1e9), TimeUnit.NANOSECONDS);
    }

    private void next() {
        if (mayBegin()) {
            begin(System.nanoTime());
        }
    }

    private boolean mayBegin() {
        return begun < order.limit() && tally.seconds() < order.seconds();
    }

    private void begin(long intendedNanos) {
        begun++;
        underWay++;
        connector.open(() -> new Flow(intendedNanos));
    }

    private void giveUp() {
        if (!result.isDone()) {
            for (int i = 0; i < underWay; i++) {
                tally.failed("unfinished");
            }
            result.complete(tally.result());
        }
    }

    private void endOne() {
        underWay--;
        if (underWay == 0 && (order.rate() > 0 || !mayBegin())) {
            result.complete(tally.result());
        }
    }

    /** In the place of one that has ended; counts as under way until then. */
    private void replace(long millis) {
        Runnable successor = () -> {
            next();
            endOne();
        };
        if (millis == 0) {
            loop.execute(successor); // not at once: connecting may fail at once, and that would recur
        } else {
            loop.schedule(successor, millis, TimeUnit.MILLISECONDS);
        }
    }

    private final class Flow extends ClientFlow {
        private final long intendedNanos;
        private int received;

        Flow(long intendedNanos) {
            super(connector.hasHandshake());
            this.intendedNanos = intendedNanos;
        }

        @Override
        void stands(ChannelHandlerContext ctx) {
            ByteBuf request = order.ending() == WorkOrder.Ending.SERVER ? CLOSE : KEEP;
            ctx.writeAndFlush(request.duplicate(), ctx.voidPromise());
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf bytes) {
            received += bytes.readableBytes();
            if (received == Wire.RESPONSE && order.ending() == WorkOrder.Ending.CLIENT) {
                end(ctx, DONE);
            }
        }

        @Override
        boolean mayEnd() {
            return received == Wire.RESPONSE;
        }

        @Override
        void ended(String reason) {
            boolean isDone = reason.equals(DONE);
            long pause = order.pauseMillis() == 0 ? 0 : Math.max(order.pauseMillis(), PAUSE_PER_FLOW * tookMillis());
            if (isDone) {
                tally.done(intendedNanos);
            } else {
                tally.failed(reason);
            }
            if (order.rate() > 0) {
                endOne();
            } else {
                replace(isDone ? pause : Math.max(pause, AFTER_FAILURE_MILLIS));
            }
        }

        private long tookMillis() {
            return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - intendedNanos);
        }
    }
}
