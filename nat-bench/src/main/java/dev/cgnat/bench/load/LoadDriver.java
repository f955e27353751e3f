package dev.cgnat.bench.load;

import dev.cgnat.bench.load.Demand.End;
import dev.cgnat.bench.load.Demand.Flow;
import dev.cgnat.bench.load.LoadMeter.Fate;
import dev.cgnat.bench.load.LoadMeter.Span;
import dev.cgnat.bench.load.LoadMeter.Trouble;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.ChannelGroupFuture;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import org.HdrHistogram.Histogram;

/**
 * Begins flows when its arrival process says so, whatever became of the earlier ones.
 *
 * <p>Open loop: a slow NAT does not slow the load down, and every latency counts from the intended beginning, so what
 * would have waited in a closed loop is not lost (coordinated omission). The driver measures its own lateness too.
 *
 * <p>Thread-safe; one thread of its own makes the arrivals, the event loops do the rest.
 */
public final class LoadDriver implements RunningLoad {
    private static final long SETTLE_POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long CLOSE_MILLIS = 5_000;

    private final Loops loops;
    private final Demand demand;
    private final boolean heedsEnds;
    private final Queue<Ended> ends = new ConcurrentLinkedQueue<>();
    private final LoadPlan plan;
    private final Sources sources;
    private final LoadMeter meter = new LoadMeter();
    private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final Dialer dialer;
    private final CompletableFuture<Void> settled = new CompletableFuture<>();
    private final long startNanos;
    private final Thread thread;
    private volatile boolean stopped;
    private volatile long arrivalNanos;

    private record Ended(Flow flow, End end) {}

    private LoadDriver(Loops loops, Sources sources, LoadPlan plan, Demand demand, boolean heedsEnds) {
        this.demand = demand;
        this.heedsEnds = heedsEnds;
        this.loops = loops;
        this.plan = plan;
        this.sources = sources;
        dialer = new Dialer(loops, sources, plan, meter, channels);
        startNanos = System.nanoTime();
        thread = new Thread(this::run, "load-driver");
        thread.setDaemon(true);
    }

    /** Begins at once. */
    public static LoadDriver start(Loops loops, Sources sources, LoadPlan plan) {
        return start(new LoadDriver(loops, sources, plan, new PlanDemand(plan, sources.size()), false));
    }

    /**
     * Begins what {@code demand} wants, and tells it what became of each flow; of {@code plan} the way, the duration, the
     * patience, the payload and the bounds count.
     */
    public static LoadDriver start(Loops loops, Sources sources, LoadPlan plan, Demand demand) {
        return start(new LoadDriver(loops, sources, plan, demand, true));
    }

    private static LoadDriver start(LoadDriver driver) {
        driver.thread.start();
        return driver;
    }

    private void run() {
        try {
            makeArrivals();
            arrivalNanos = System.nanoTime() - startNanos;
            meter.end();
            awaitDecisions();
            settled.complete(null);
        } catch (RuntimeException | Error e) {
            settled.completeExceptionally(e);
        }
    }

    private void makeArrivals() {
        long begun = 0;
        while (!stopped && begun < plan.connections()) {
            tellEnds();
            long at = Math.min(demand.nextNanos(), plan.duration().toNanos());
            long left = startNanos + at - System.nanoTime();
            if (left > 0) {
                LockSupport.parkNanos(left); // or until a flow has ended, which may change what is next
            } else if (at == plan.duration().toNanos()) {
                return;
            } else {
                begin(demand.take(), startNanos + at);
                begun++;
            }
        }
    }

    private void tellEnds() {
        for (Ended ended = ends.poll(); ended != null; ended = ends.poll()) {
            demand.ended(ended.flow(), ended.end(), System.nanoTime() - startNanos);
        }
    }

    private void begin(Flow flow, long intendedNanos) {
        meter.count(Fate.INTENDED);
        FlowIntent intent = new FlowIntent(intendedNanos, flow, end -> onEnd(flow, end));
        if (meter.open() >= plan.maxLive()) {
            meter.count(Trouble.OWN, "descriptors");
            onEnd(flow, End.FAILED);
        } else {
            dialer.dial(intent);
        }
    }

    private void onEnd(Flow flow, End end) {
        if (heedsEnds) {
            ends.add(new Ended(flow, end));
            LockSupport.unpark(thread);
        }
    }

    private void awaitTime(long nanos) {
        for (long left = nanos - System.nanoTime(); left > 0 && !stopped; left = nanos - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    /** Every step of a flow has a time limit, so this ends too. */
    private void awaitDecisions() {
        while (!meter.isSettled()) {
            LockSupport.parkNanos(SETTLE_POLL_NANOS);
        }
    }

    @Override
    public CompletableFuture<Void> settled() {
        return settled.copy();
    }

    /** When it began, by {@link System#nanoTime}. */
    public long startNanos() {
        return startNanos;
    }

    @Override
    public LoadCounts counts() {
        return meter.counts();
    }

    @Override
    public Histogram connectInterval() {
        return meter.connectInterval();
    }

    @Override
    public void stop() {
        stopped = true;
        LockSupport.unpark(thread);
    }

    /** Closes the flows that live, as the plan's close mode says; returns when they are closed, after 5 s at most. */
    public void closeFlows() {
        for (Channel channel : channels) {
            tell(channel, FlowHandler::cut);
        }
        channels.newCloseFuture().awaitUninterruptibly(CLOSE_MILLIS);
    }

    /**
     * Sends a further request over every flow that lives, at equal distances; returns when each has been answered or has ended.
     * For a driver that is settled, with a payload.
     *
     * @param perSecond more than 0
     * @return the times until the answers, and how many there were
     */
    public LatencySummary requestOverAll(double perSecond) {
        double gap = TimeUnit.SECONDS.toNanos(1) / perSecond;
        long begin = System.nanoTime();
        int asked = 0;
        for (Channel channel : channels) {
            awaitTime(begin + Math.round(gap * asked++));
            tell(channel, FlowHandler::request);
        }
        for (EventExecutor loop : loops.group()) {
            loop.submit(() -> {}).awaitUninterruptibly(); // behind the last request, which is awaited from then on
        }
        awaitDecisions();
        return meter.summary(Span.ANSWER);
    }

    /**
     * Says for every flow that lives that the client has no more to send, all at once, and leaves it to the far side to end it.
     *
     * @return from the first such word to the end of the last flow; empty if some still stand after {@code timeout}
     */
    public Optional<Duration> finishFlows(Duration timeout) {
        ChannelGroupFuture ended = channels.newCloseFuture();
        long begin = System.nanoTime();
        for (Channel channel : channels) {
            tell(channel, FlowHandler::finish);
        }
        return ended.awaitUninterruptibly(timeout.toMillis())
                ? Optional.of(Duration.ofNanos(System.nanoTime() - begin))
                : Optional.empty();
    }

    private static void tell(Channel channel, BiConsumer<FlowHandler, ChannelHandlerContext> order) {
        channel.eventLoop().execute(() -> {
            ChannelHandlerContext ctx = channel.pipeline().context(FlowHandler.NAME);
            if (ctx != null && ctx.handler() instanceof FlowHandler flow) {
                order.accept(flow, ctx);
            }
        });
    }

    @Override
    public LoadResult finish() {
        stop();
        settled.join();
        closeFlows();
        return new LoadResult(
                plan,
                sources.size(),
                Duration.ofNanos(arrivalNanos),
                meter.counts(),
                meter.times(Span.CONNECT),
                meter.times(Span.ECHO),
                meter.times(Span.REFUSAL),
                meter.times(Span.LATENESS),
                meter.firstRefusalNanos().stream()
                        .mapToObj(nanos -> Duration.ofNanos(nanos - startNanos))
                        .findFirst());
    }

    @Override
    public void close() {
        stop();
        channels.close().awaitUninterruptibly(CLOSE_MILLIS);
    }
}
