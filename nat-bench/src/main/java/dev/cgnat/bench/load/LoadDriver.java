package dev.cgnat.bench.load;

import dev.cgnat.bench.load.LoadMeter.Fate;
import dev.cgnat.bench.load.LoadMeter.Span;
import dev.cgnat.bench.load.LoadMeter.Trouble;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.HdrHistogram.Histogram;

/**
 * Begins flows when its arrival process says so, whatever became of the earlier ones.
 *
 * <p>Open loop: a slow NAT does not slow the load down, and every latency counts from the intended beginning, so what
 * would have waited in a closed loop is not lost (coordinated omission). The driver measures its own lateness too.
 *
 * <p>Thread-safe; one thread of its own makes the arrivals, the event loops do the rest.
 */
public final class LoadDriver implements AutoCloseable {
    private static final String RANDOM = "L64X128MixRandom";
    private static final long SETTLE_POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long CLOSE_MILLIS = 5_000;

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

    private LoadDriver(Loops loops, Sources sources, LoadPlan plan) {
        this.plan = plan;
        this.sources = sources;
        dialer = new Dialer(loops, sources, plan, meter, channels);
        startNanos = System.nanoTime();
        thread = new Thread(this::run, "load-driver");
        thread.setDaemon(true);
    }

    /** Begins at once. */
    public static LoadDriver start(Loops loops, Sources sources, LoadPlan plan) {
        LoadDriver driver = new LoadDriver(loops, sources, plan);
        driver.thread.start();
        return driver;
    }

    private void run() {
        try {
            makeArrivals();
            arrivalNanos = System.nanoTime() - startNanos;
            awaitDecisions();
            settled.complete(null);
        } catch (RuntimeException | Error e) {
            settled.completeExceptionally(e);
        }
    }

    private void makeArrivals() {
        // Streams of their own: more hold times drawn would otherwise move the arrivals of the same seed.
        Arrivals.Times times = plan.arrivals().times(plan.ratePerSecond(), random(0));
        RandomGenerator holds = random(1);
        RandomGenerator subscribers = random(2);
        for (long i = 0; i < plan.connections(); i++) {
            long at = times.next();
            boolean over = at >= plan.duration().toNanos();
            long intended = startNanos + (over ? plan.duration().toNanos() : at);
            awaitTime(intended);
            if (over || stopped) {
                return;
            }
            FlowIntent intent = new FlowIntent(
                    intended,
                    subscribers.nextInt(sources.size()),
                    plan.targets().get((int) (i % plan.targets().size())),
                    plan.hold().sampleNanos(holds));
            meter.count(Fate.INTENDED);
            if (meter.open() >= plan.maxLive()) {
                meter.count(Trouble.OWN, "descriptors");
            } else {
                dialer.dial(intent);
            }
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

    private RandomGenerator random(int stream) {
        return RandomGeneratorFactory.of(RANDOM).create(plan.seed() * 31 + stream);
    }

    /** Completes when every flow has begun, is established or not, and has its echo if it asked for one. */
    public CompletableFuture<Void> settled() {
        return settled.copy();
    }

    public LoadCounts counts() {
        return meter.counts();
    }

    /** How long flows took to be established, of those that were since the last call; nanoseconds. */
    public Histogram connectInterval() {
        return meter.connectInterval();
    }

    /** Lets no more flows begin; those that live go on. */
    public void stop() {
        stopped = true;
        LockSupport.unpark(thread);
    }

    /** Closes the flows that live, as the plan's close mode says; returns when they are closed, after 5 s at most. */
    public void closeFlows() {
        for (Channel channel : channels) {
            channel.eventLoop().execute(() -> {
                ChannelHandlerContext ctx = channel.pipeline().context(FlowHandler.NAME);
                if (ctx != null && ctx.handler() instanceof FlowHandler flow) {
                    flow.cut(ctx);
                }
            });
        }
        channels.newCloseFuture().awaitUninterruptibly(CLOSE_MILLIS);
    }

    /** Stops, waits for the undecided, closes what lives, and says what it came to. */
    public LoadResult finish() {
        stop();
        settled.join();
        closeFlows();
        return new LoadResult(
                plan,
                sources.size(),
                Duration.ofNanos(arrivalNanos),
                meter.counts(),
                meter.summary(Span.CONNECT),
                meter.summary(Span.ECHO),
                meter.summary(Span.REFUSAL),
                meter.summary(Span.LATENESS),
                meter.firstRefusalNanos().stream()
                        .mapToObj(nanos -> Duration.ofNanos(nanos - startNanos))
                        .findFirst());
    }

    /** Ends everything at once, without a result. */
    @Override
    public void close() {
        stop();
        channels.close().awaitUninterruptibly(CLOSE_MILLIS);
    }
}
