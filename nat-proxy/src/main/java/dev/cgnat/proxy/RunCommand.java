package dev.cgnat.proxy;

import dev.cgnat.core.PoolCapacity;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.config.LimitConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.proxy.config.ConfigException;
import dev.cgnat.proxy.config.Leaves;
import dev.cgnat.proxy.config.ListenerConfig;
import dev.cgnat.proxy.config.LoadedConfig;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code natproxy run}: serves until it is told to end. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = "Run the proxy. Without -c and --profile: SOCKS on 127.0.0.1:1080, pool 127.0.1.1.")
final class RunCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger("natproxy");

    @Option(names = "-c", paramLabel = "FILE", description = "Configuration, see config/reference.yaml.")
    private Optional<Path> file = Optional.empty();

    @Mixin
    private ConfigOptions options = new ConfigOptions();

    @Override
    public Integer call() {
        LoadedConfig loaded;
        try {
            loaded = options.load(file);
        } catch (ConfigException e) {
            System.err.println(e.getMessage());
            return ExitCodes.INVALID_CONFIG;
        }
        loaded.warnings().forEach(System.err::println);
        try (NatProxy proxy = NatProxy.start(loaded.config(), options.source(file))) {
            describe(proxy);
            int exitCode = serveUntilSignal(proxy);
            LOG.info("drained, ends");
            return exitCode;
        } catch (StartException e) {
            System.err.println("error: " + e.getMessage());
            return ExitCodes.CANNOT_BIND;
        }
    }

    /** The first signal drains; a second one ends at once. */
    private static int serveUntilSignal(NatProxy proxy) {
        CountDownLatch drained = new CountDownLatch(1);
        AtomicInteger exitCode = new AtomicInteger(-1);
        Signals.handle("TERM", () -> onSignal(proxy, drained, exitCode, ExitCodes.OK));
        Signals.handle("INT", () -> onSignal(proxy, drained, exitCode, ExitCodes.INTERRUPTED));
        try {
            drained.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCodes.FAILED;
        }
        return exitCode.get();
    }

    private static void onSignal(NatProxy proxy, CountDownLatch drained, AtomicInteger exitCode, int code) {
        if (exitCode.compareAndSet(-1, code)) {
            CompletableFuture<Void> gone = proxy.drain();
            LOG.info(
                    "draining: no new flows, at most {} s for those that live; a second signal ends at once",
                    seconds(proxy.config().drainTimeout()));
            gone.whenComplete((done, failure) -> drained.countDown());
        } else {
            Runtime.getRuntime().halt(code == ExitCodes.OK ? ExitCodes.FAILED : code);
        }
    }

    private static void describe(NatProxy proxy) {
        for (ListenerConfig listener : proxy.config().listeners()) {
            LOG.info(
                    "{} ({}) on {}, pool {}",
                    listener.name(),
                    Leaves.word(listener.type()),
                    Endpoint.from(proxy.address(listener.name())),
                    listener.pool());
        }
        for (PoolConfig pool : proxy.config().nat().pools()) {
            LOG.info(
                    "pool {}: {}",
                    pool.name(),
                    capacity(pool, proxy.config().nat().limits()));
        }
        LOG.info(
                "at most {} flows at a time, by limits.sessions and the limit of file descriptors",
                proxy.sessionLimit());
        proxy.metricsAddress()
                .ifPresent(address -> LOG.info("metrics alone on http://{}/metrics", Endpoint.from(address)));
        LOG.info("metrics on http://{}/metrics", Endpoint.from(proxy.adminAddress()));
        LOG.info("admin API on http://{}/api/v1/status", Endpoint.from(proxy.adminAddress()));
    }

    private static String capacity(PoolConfig pool, LimitConfig limits) {
        PoolCapacity capacity = PoolCapacity.of(pool, limits);
        Duration hold = pool.holdDown().clientFin();
        String ceiling = hold.isZero()
                ? "no hold-down after the client's FIN"
                : String.format(
                        Locale.ROOT,
                        "at most %.1f new flows/s to one destination if clients close first (slots / hold-down of %s s)",
                        capacity.slotsToOne() / (hold.toMillis() / 1000.0),
                        seconds(hold));
        String share = capacity.slotsPerSubscriber() < capacity.slotsToOne()
                ? ", " + capacity.slotsPerSubscriber() + " of one subscriber"
                : "";
        return String.format(
                Locale.ROOT,
                "%d %s x %d ports, reuse scope %s: %d flows to one destination%s; %s%s",
                pool.addressCount(),
                pool.addressCount() == 1 ? "address" : "addresses",
                pool.usablePorts(),
                pool.reuseScope().key(),
                capacity.slotsToOne(),
                share,
                ceiling,
                pool.deterministic()
                        .map(plan -> "; clients of " + plan.inside() + " alone are served")
                        .orElse(""));
    }

    /** Without the fraction where there is none. */
    private static String seconds(Duration duration) {
        return BigDecimal.valueOf(duration.toMillis(), 3).stripTrailingZeros().toPlainString();
    }
}
