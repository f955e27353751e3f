package dev.cgnat.bench.grade;

import dev.cgnat.bench.load.HandshakeResult;
import dev.cgnat.bench.load.Tell;
import dev.cgnat.bench.load.Via;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.proxy.transport.SocketError;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One flow through the NAT, from the try to its end. It asks the sink whom it sees, so bytes went both ways before it counts as
 * granted.
 *
 * <p>Its handler methods run on an event loop; everything else may be called by one other thread.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what fails closes the channel, and it hears that as channelInactive
final class Flow extends SimpleChannelInboundHandler<ByteBuf> {
    /** Who it is for, and where it goes. */
    record Intent(int subscriber, Endpoint internal, Destination destination, Via way) {}

    /** How a flow ends on purpose. */
    enum Ending {
        CLIENT_FIN,
        SERVER_FIN,
        RESET
    }

    private final Intent intent;
    private final long begunNanos = System.nanoTime();
    private final CompletableFuture<Attempt> outcome = new CompletableFuture<>();
    private final CompletableFuture<Long> ended = new CompletableFuture<>();
    private volatile @Nullable Channel channel; // set before the outcome
    private volatile @Nullable Endpoint external; // set before the outcome
    private volatile long grantedNanos;
    private volatile boolean endedByUs;
    private volatile CompletableFuture<Boolean> answered = new CompletableFuture<>();

    Flow(Intent intent) {
        this.intent = intent;
    }

    Intent intent() {
        return intent;
    }

    CompletableFuture<Attempt> outcome() {
        return outcome;
    }

    long begunNanos() {
        return begunNanos;
    }

    /** When the sink's answer came. */
    long grantedNanos() {
        return grantedNanos;
    }

    /** Whom the sink sees; of a granted flow only. */
    Endpoint external() {
        Endpoint seen = external;
        if (seen == null) {
            throw new IllegalStateException("flow: not granted (expected: a granted one)");
        }
        return seen;
    }

    /** When the NAT, or the sink unasked, ended it. */
    OptionalLong endedByOthersNanos() {
        return ended.isDone() && !endedByUs ? OptionalLong.of(ended.join()) : OptionalLong.empty();
    }

    boolean isLive() {
        return !ended.isDone();
    }

    /** Ends it; what comes is the moment at which this side knew of the end. */
    CompletableFuture<Long> end(Ending ending) {
        Channel open = channel;
        if (open == null) {
            return ended;
        }
        endedByUs = true;
        switch (ending) {
            case CLIENT_FIN -> open.close();
            case RESET -> reset();
            case SERVER_FIN -> open.writeAndFlush(ByteBufUtil.writeAscii(open.alloc(), Tell.FIN));
        }
        return ended;
    }

    /** Ends it at once, whatever its state; without a port left in TIME_WAIT on this side. */
    void reset() {
        Channel open = channel;
        if (open != null) {
            endedByUs = true;
            open.eventLoop().execute(() -> {
                if (open.isOpen()) {
                    open.config().setOption(ChannelOption.SO_LINGER, 0);
                }
                open.close();
            });
        }
    }

    /** Whether the sink still answers through it, from the same external endpoint; false too if it has ended. */
    CompletableFuture<Boolean> answers() {
        CompletableFuture<Boolean> question = new CompletableFuture<>();
        answered = question;
        Channel open = channel;
        if (open == null || !isLive()) {
            question.complete(false);
        } else {
            ask(open);
        }
        return question;
    }

    /** What has no outcome yet has been waited for long enough. */
    void giveUp() {
        if (outcome.complete(refused(RefusalKind.SILENCE, ""))) {
            reset();
        }
    }

    /** The connection did not come about. */
    void onConnectFailure(Throwable cause) {
        ended.complete(System.nanoTime());
        boolean isProxy = intent.way() instanceof Via.Socks5 || intent.way() instanceof Via.HttpConnect;
        SocketError error = SocketError.of(cause);
        outcome.complete(
                switch (error) {
                    case TIMED_OUT -> refused(RefusalKind.SILENCE, "");
                    case REFUSED, RESET ->
                        isProxy
                                ? new Attempt.Failed(
                                        intent.way() + " cannot be reached (" + SocketError.reason(cause) + ")")
                                : refused(RefusalKind.RESET, "");
                    case NETWORK_UNREACHABLE -> refused(RefusalKind.UNREACHABLE, "");
                    case ADDRESS_IN_USE, ADDRESS_NOT_AVAILABLE, NO_DESCRIPTORS, OTHER ->
                        new Attempt.Failed(intent.internal() + ": " + SocketError.reason(cause));
                });
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        channel = ctx.channel();
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        if (intent.way() instanceof Via.Direct || intent.way() instanceof Via.Forward) {
            ask(ctx.channel());
        }
        ctx.fireChannelActive();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof HandshakeResult.Accepted) {
            ask(ctx.channel());
        } else if (event instanceof HandshakeResult.Refused no) {
            String protocol = intent.way() instanceof Via.Socks5 ? "SOCKS reply " : "HTTP status ";
            String reason = no.reason().equals("http_" + no.code()) ? "" : " (" + no.reason() + ")";
            outcome.complete(refused(RefusalKind.REPLY, protocol + no.code() + reason));
            ctx.close();
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf line) {
        Optional<Endpoint> seen = endpoint(line.toString(StandardCharsets.US_ASCII));
        if (external != null) {
            answered.complete(seen.filter(external()::equals).isPresent());
        } else if (seen.isEmpty()) {
            outcome.complete(
                    new Attempt.Failed("the sink does not tell whom it sees (start it by natbench serve --tell)"));
            ctx.close();
        } else if (!outcome.isDone()) {
            grantedNanos = System.nanoTime();
            external = seen.get();
            outcome.complete(new Attempt.Granted(this));
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        ended.complete(System.nanoTime());
        outcome.complete(refused(RefusalKind.CLOSED, ""));
        answered.complete(false);
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        outcome.complete(
                SocketError.of(cause) == SocketError.RESET
                        ? refused(RefusalKind.RESET, "")
                        : new Attempt.Failed(String.valueOf(cause.getMessage())));
        ctx.close();
    }

    private static void ask(Channel channel) {
        channel.writeAndFlush(ByteBufUtil.writeAscii(channel.alloc(), Tell.WHO), channel.voidPromise());
    }

    private Attempt refused(RefusalKind kind, String detail) {
        return new Attempt.Refused(kind, detail, System.nanoTime() - begunNanos);
    }

    private static Optional<Endpoint> endpoint(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1) {
            return Optional.empty();
        }
        String host = text.substring(0, colon).replace("[", "").replace("]", "");
        InetAddress address = NetUtil.createInetAddressFromIpAddressString(host); // never a look-up
        try {
            return address == null
                    ? Optional.empty()
                    : Optional.of(new Endpoint(IpAddress.from(address), Integer.parseInt(text.substring(colon + 1))));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
