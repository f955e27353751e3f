package dev.cgnat.bench.load;

import dev.cgnat.bench.load.LoadMeter.Fate;
import dev.cgnat.bench.load.LoadMeter.Span;
import dev.cgnat.bench.load.LoadMeter.Trouble;
import dev.cgnat.proxy.transport.SocketError;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.group.ChannelGroup;
import java.net.InetSocketAddress;

/** Opens the sockets of flows: binds the subscriber's next free endpoint, connects, and sets up the pipeline. */
final class Dialer {
    /** Foreign sockets on this many ports in a row of one source address are a shortage. */
    private static final int MAX_TRIES = 64;

    private final Loops loops;
    private final Sources sources;
    private final LoadPlan plan;
    private final LoadMeter meter;
    private final ChannelGroup channels;
    private final ByteBuf payload;

    /** @param channels gets every connection, for as long as it is open */
    Dialer(Loops loops, Sources sources, LoadPlan plan, LoadMeter meter, ChannelGroup channels) {
        this.loops = loops;
        this.sources = sources;
        this.plan = plan;
        this.meter = meter;
        this.channels = channels;
        byte[] bytes = new byte[plan.payload()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) ('a' + i % 26);
        }
        payload = Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(bytes));
    }

    /** Begins the flow; returns at once. The flow counts as opening until its fate is known. */
    void dial(FlowIntent intent) {
        meter.openingBy(1);
        dial(intent, 1);
    }

    private void dial(FlowIntent intent, int attempt) {
        InetSocketAddress first = plan.via() instanceof Via.Socks5 socks
                ? socks.proxy()
                : plan.via() instanceof Via.HttpConnect http ? http.proxy() : intent.target();
        new Bootstrap()
                .group(loops.group())
                .channel(loops.socketChannel())
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        Math.min(plan.timeout().toMillis(), Integer.MAX_VALUE))
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (attempt == 1) {
                            meter.time(Span.LATENESS, System.nanoTime() - intent.intendedNanos());
                        }
                        initPipeline(channel.pipeline(), intent);
                    }
                })
                .connect(first, sources.next(intent.subscriber()))
                .addListener(future -> {
                    if (future.isSuccess()) {
                        meter.count(Fate.ATTEMPTED);
                    } else {
                        onConnectFailure(intent, attempt, future.cause());
                    }
                });
    }

    private void initPipeline(ChannelPipeline pipeline, FlowIntent intent) {
        channels.add(pipeline.channel());
        if (plan.via() instanceof Via.Socks5) {
            Socks5Handshake.addTo(pipeline, intent.target());
        } else if (plan.via() instanceof Via.HttpConnect) {
            ConnectHandshake.addTo(pipeline, intent.target());
        }
        pipeline.addLast(FlowHandler.NAME, new FlowHandler(intent, plan, meter, payload));
    }

    private void onConnectFailure(FlowIntent intent, int attempt, Throwable cause) {
        SocketError error = SocketError.of(cause);
        boolean isSourceTaken = error == SocketError.ADDRESS_IN_USE || error == SocketError.ADDRESS_NOT_AVAILABLE;
        if (isSourceTaken && attempt < MAX_TRIES) {
            dial(intent, attempt + 1);
            return;
        }
        switch (error) {
            case ADDRESS_IN_USE, ADDRESS_NOT_AVAILABLE -> meter.count(Trouble.OWN, "ports");
            case NO_DESCRIPTORS -> meter.count(Trouble.OWN, "descriptors");
            case REFUSED -> failed("connection_refused");
            case TIMED_OUT -> failed("timeout");
            case RESET -> onReset(intent);
            case NETWORK_UNREACHABLE, OTHER -> failed("connect");
        }
        meter.openingBy(-1);
        intent.whenEnded().accept(isRefusal(error) ? Demand.End.REFUSED : Demand.End.FAILED);
    }

    private boolean isRefusal(SocketError error) {
        return error == SocketError.RESET && plan.via() instanceof Via.Forward;
    }

    /** Of a forward, a reset is the refusal, and it may come before the connection was seen to stand. */
    private void onReset(FlowIntent intent) {
        if (isRefusal(SocketError.RESET)) {
            meter.count(Fate.ATTEMPTED);
            meter.count(Trouble.REFUSED, "reset");
            meter.time(Span.REFUSAL, System.nanoTime() - intent.intendedNanos());
        } else {
            failed("reset");
        }
    }

    private void failed(String reason) {
        meter.count(Fate.ATTEMPTED);
        meter.count(Trouble.FAILED, reason);
    }
}
