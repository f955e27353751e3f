package dev.cgnat.bench.peers.work;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Requests at a fixed rate over connections that stay open, each on the next connection. Runs on one event loop. */
final class RequestFlows {
    /** For answers that are on their way; as often as it takes, up to {@link #OPENING_SECONDS}. */
    private static final long GRACE_MILLIS = 500;
    /** For the connections to stand. */
    private static final long OPENING_SECONDS = 5;

    private static final ByteBuf REQUEST = Wire.message(Wire.ANSWER, Wire.REQUEST);

    private final WorkOrder order;
    private final Connector connector;
    private final EventExecutor loop;
    private final CompletableFuture<WorkResult> result = new CompletableFuture<>();
    private final List<Flow> flows = new ArrayList<>();
    private final Tally tally = new Tally();
    private int turn;

    private RequestFlows(WorkOrder order, Connector connector, EventExecutor loop) {
        this.order = order;
        this.connector = connector;
        this.loop = loop;
    }

    /** Completes a moment after the last request. */
    static CompletableFuture<WorkResult> run(WorkOrder order, Connector connector, EventExecutor loop) {
        RequestFlows requests = new RequestFlows(order, connector, loop);
        loop.execute(requests::start);
        return requests.result;
    }

    private void start() {
        for (int i = 0; i < order.flows(); i++) {
            connector.open(Flow::new);
        }
        loop.schedule(
                this::finish,
                (long) ((order.seconds() + OPENING_SECONDS) * 1e9),
                TimeUnit.NANOSECONDS); // at the latest
    }

    private void request(long intendedNanos) {
        flows.get(turn++ % flows.size()).request(intendedNanos);
    }

    private void finishSoon() {
        loop.schedule(
                () -> {
                    if (flows.stream().allMatch(flow -> flow.unanswered.isEmpty())) {
                        finish();
                    } else if (!result.isDone()) {
                        finishSoon();
                    }
                },
                GRACE_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    private void finish() {
        if (!result.isDone()) {
            flows.stream().flatMap(flow -> flow.unanswered.stream()).forEach(at -> tally.failed("unanswered"));
            result.complete(tally.result());
            flows.forEach(flow -> flow.channel().close());
        }
    }

    private final class Flow extends ClientFlow {
        private final Deque<Long> unanswered = new ArrayDeque<>();
        private final List<Channel> channel = new ArrayList<>(1);
        private int received;

        Flow() {
            super(connector.hasHandshake());
        }

        Channel channel() {
            return channel.get(0);
        }

        void request(long intendedNanos) {
            unanswered.add(intendedNanos);
            channel().writeAndFlush(REQUEST.duplicate(), channel().voidPromise());
        }

        @Override
        void stands(ChannelHandlerContext ctx) {
            channel.add(ctx.channel());
            flows.add(this);
            if (flows.size() == order.flows()) {
                Pace.start(
                        loop, order.rate(), order.seconds(), RequestFlows.this::request, RequestFlows.this::finishSoon);
            }
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf bytes) {
            received += bytes.readableBytes();
            while (received >= Wire.RESPONSE && !unanswered.isEmpty()) {
                received -= Wire.RESPONSE;
                tally.done(unanswered.remove());
            }
        }

        @Override
        void ended(String reason) {
            if (!result.isDone()) {
                tally.failed(reason);
            }
        }
    }
}
