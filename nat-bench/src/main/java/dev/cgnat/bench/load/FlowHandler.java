package dev.cgnat.bench.load;

import dev.cgnat.bench.load.LoadMeter.Fate;
import dev.cgnat.bench.load.LoadMeter.Span;
import dev.cgnat.bench.load.LoadMeter.Trouble;
import dev.cgnat.proxy.transport.SocketError;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.concurrent.Future;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** One flow of the client, from its connection to its end: counts each thing that becomes of it exactly once. */
@SuppressWarnings("FutureReturnValueIgnored") // what fails closes the channel, and it hears that as channelInactive
final class FlowHandler extends SimpleChannelInboundHandler<ByteBuf> {
    static final String NAME = "flow";

    private enum State {
        /** Connected or about to be, undecided. */
        OPENING,
        ESTABLISHED,
        /** Decided and counted; the channel may still live for a moment. */
        ENDED
    }

    private final FlowIntent intent;
    private final LoadPlan plan;
    private final LoadMeter meter;
    private final ByteBuf payload;
    private State state = State.OPENING;
    private int received;
    private boolean holdOver;
    private boolean echoAwaited;
    private boolean isFurther;
    private long sentNanos;
    private Optional<Future<?>> timer = Optional.empty();

    /** @param payload what every flow sends; unreleasable, read only */
    FlowHandler(FlowIntent intent, LoadPlan plan, LoadMeter meter, ByteBuf payload) {
        this.intent = intent;
        this.plan = plan;
        this.meter = meter;
        this.payload = payload;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        timer = Optional.of(ctx.executor()
                .schedule(() -> fail(ctx, "timeout"), plan.timeout().toNanos(), TimeUnit.NANOSECONDS));
        if (plan.via() instanceof Via.Direct) {
            establish(ctx);
        } else if (plan.via() instanceof Via.Forward) {
            send(ctx);
        }
        ctx.fireChannelActive();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof HandshakeResult.Accepted) {
            establish(ctx);
        } else if (event instanceof HandshakeResult.Refused refused) {
            refuse(ctx, refused.reason());
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    private void establish(ChannelHandlerContext ctx) {
        if (state != State.OPENING) {
            return;
        }
        state = State.ESTABLISHED;
        timer.ifPresent(running -> running.cancel(false));
        echoing(plan.payload() > 0); // before opening ends: the flow must not look settled between
        meter.openingBy(-1);
        meter.liveBy(1);
        meter.count(Fate.ESTABLISHED);
        meter.time(Span.CONNECT, System.nanoTime() - intent.intendedNanos());
        if (!(plan.via() instanceof Via.Forward)) {
            send(ctx);
        }
        awaitEcho(ctx);
        if (intent.holdNanos() == 0) {
            onHoldOver(ctx);
        } else {
            Future<?> hold = ctx.executor().schedule(() -> onHoldOver(ctx), intent.holdNanos(), TimeUnit.NANOSECONDS);
            ctx.channel()
                    .closeFuture()
                    .addListener(closed -> hold.cancel(false)); // an ended flow leaves nothing behind
        }
        long gap = intent.flow().requestNanos();
        if (gap > 0) {
            Future<?> requests =
                    ctx.executor().scheduleAtFixedRate(() -> requestAgain(ctx), gap, gap, TimeUnit.NANOSECONDS);
            ctx.channel().closeFuture().addListener(closed -> requests.cancel(false));
        }
    }

    private void awaitEcho(ChannelHandlerContext ctx) {
        if (plan.payload() > 0) {
            timer = Optional.of(ctx.executor()
                    .schedule(() -> breakOff(ctx, "no_echo"), plan.timeout().toNanos(), TimeUnit.NANOSECONDS));
        }
    }

    /** Sends the payload once more, and expects it back; not while an echo is awaited, and not after the end. */
    void request(ChannelHandlerContext ctx) {
        if (state == State.ESTABLISHED && plan.payload() > 0 && !echoAwaited) {
            isFurther = true;
            sentNanos = System.nanoTime();
            received = 0;
            echoing(true);
            send(ctx);
            awaitEcho(ctx);
        }
    }

    private void requestAgain(ChannelHandlerContext ctx) {
        if (!holdOver && !meter.isOver()) {
            request(ctx);
        }
    }

    private void echoing(boolean awaited) {
        if (awaited != echoAwaited) {
            echoAwaited = awaited;
            meter.echoingBy(awaited ? 1 : -1);
        }
    }

    private void send(ChannelHandlerContext ctx) {
        if (plan.payload() > 0) {
            meter.sent(plan.payload());
            ctx.writeAndFlush(payload.duplicate(), ctx.voidPromise());
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf bytes) {
        meter.received(bytes.readableBytes());
        if (state == State.OPENING && plan.via() instanceof Via.Forward) {
            establish(ctx);
        }
        if (state != State.ESTABLISHED || plan.payload() == 0 || received == plan.payload()) {
            return;
        }
        int length = Math.min(bytes.readableBytes(), plan.payload() - received);
        if (!ByteBufUtil.equals(payload, received, bytes, bytes.readerIndex(), length)) {
            breakOff(ctx, "wrong_bytes");
            return;
        }
        received += length;
        if (received == plan.payload()) {
            timer.ifPresent(running -> running.cancel(false));
            long now = System.nanoTime();
            meter.count(isFurther ? Fate.ANSWERED : Fate.ECHOED);
            meter.time(isFurther ? Span.ANSWER : Span.ECHO, now - (isFurther ? sentNanos : intent.intendedNanos()));
            echoing(false);
            if (holdOver) {
                complete(ctx);
            }
        }
    }

    /** Closing with an echo on its way would turn the FIN into a reset, so a flow outlives its hold time until then. */
    private void onHoldOver(ChannelHandlerContext ctx) {
        holdOver = true;
        if (received == plan.payload()) {
            complete(ctx);
        }
    }

    private void complete(ChannelHandlerContext ctx) {
        if (endLive()) {
            meter.count(Fate.COMPLETED);
            if (intent.flow().close() == CloseMode.SERVER) {
                ctx.writeAndFlush(ByteBufUtil.writeAscii(ctx.alloc(), Tell.FIN), ctx.voidPromise());
            } else {
                close(ctx);
            }
        }
    }

    /** Ends it before its time, as the driver wishes. */
    void cut(ChannelHandlerContext ctx) {
        if (endLive() || state == State.ENDED) { // the server may never end what it was asked to
            close(ctx);
        }
    }

    /** Says that it has no more to send, and leaves it to the far side to end it. */
    void finish(ChannelHandlerContext ctx) {
        if (endLive() && ctx.channel() instanceof DuplexChannel socket) {
            socket.shutdownOutput();
        }
    }

    private void close(ChannelHandlerContext ctx) {
        if (intent.flow().close() == CloseMode.RESET && ctx.channel().isOpen()) {
            ctx.channel().config().setOption(ChannelOption.SO_LINGER, 0);
        }
        ctx.close();
    }

    private void refuse(ChannelHandlerContext ctx, String reason) {
        if (endOpening(Demand.End.REFUSED)) {
            meter.count(Trouble.REFUSED, reason);
            meter.time(Span.REFUSAL, System.nanoTime() - intent.intendedNanos());
        }
        ctx.close();
    }

    private void fail(ChannelHandlerContext ctx, String reason) {
        if (endOpening(Demand.End.FAILED)) {
            meter.count(Trouble.FAILED, reason);
        }
        ctx.close();
    }

    private void breakOff(ChannelHandlerContext ctx, String reason) {
        if (endLive()) {
            meter.count(Trouble.BROKEN, reason);
        }
        ctx.close();
    }

    private boolean endOpening(Demand.End how) {
        if (state != State.OPENING) {
            return false;
        }
        end();
        meter.openingBy(-1);
        intent.whenEnded().accept(how);
        return true;
    }

    private boolean endLive() {
        if (state != State.ESTABLISHED) {
            return false;
        }
        end();
        meter.liveBy(-1);
        intent.whenEnded().accept(Demand.End.OVER);
        return true;
    }

    private void end() {
        state = State.ENDED;
        echoing(false);
        timer.ifPresent(running -> running.cancel(false));
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        onEnd(ctx, "closed");
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        onEnd(ctx, SocketError.of(cause) == SocketError.RESET ? "reset" : "protocol");
    }

    private void onEnd(ChannelHandlerContext ctx, String how) {
        if (state == State.ESTABLISHED) {
            breakOff(ctx, how);
        } else if (how.equals("reset") && plan.via() instanceof Via.Forward) {
            refuse(ctx, how);
        } else {
            fail(ctx, how);
        }
    }
}
