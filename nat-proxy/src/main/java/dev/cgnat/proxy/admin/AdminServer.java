package dev.cgnat.proxy.admin;

import dev.cgnat.proxy.admin.http.ApiRoutes;
import dev.cgnat.proxy.config.AdminConfig;
import dev.cgnat.proxy.config.MetricsConfig;
import dev.cgnat.proxy.config.Sources;
import dev.cgnat.proxy.metrics.ProxyMeters;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.netty.DisposableServer;
import reactor.netty.resources.LoopResources;

/**
 * The administrator's listener, and the listener for {@code /metrics} alone where one is configured.
 *
 * <p>Ownership: one daemon thread of its own serves both. Callbacks run there, so they must not block.
 */
public final class AdminServer implements AutoCloseable {
    private static final String THREADS = "natproxy-admin";
    /** With none, a connection whose registration is the loop's last task stays open for ever (measured: one close in three). */
    private static final Duration QUIET = Duration.ofMillis(20);

    private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private final LoopResources loops;
    private final DisposableServer admin;
    private final Optional<DisposableServer> metrics;
    private final ApiRoutes api;

    private AdminServer(
            LoopResources loops, DisposableServer admin, Optional<DisposableServer> metrics, ApiRoutes api) {
        this.loops = loops;
        this.admin = admin;
        this.metrics = metrics;
        this.api = api;
    }

    /**
     * Binds and serves, without an API.
     *
     * @param readiness asked once per {@code GET /readyz}
     * @throws BindException whose message names the address, if one cannot be bound; nothing is left open then
     */
    public static AdminServer start(
            AdminConfig admin, MetricsConfig metrics, ProxyMeters meters, Supplier<Readiness> readiness)
            throws BindException {
        return start(admin, metrics, meters, readiness, List.of());
    }

    /** As {@link #start(AdminConfig, MetricsConfig, ProxyMeters, Supplier)}, with the paths of {@code groups} under {@code /api/v1}. */
    public static AdminServer start(
            AdminConfig admin,
            MetricsConfig metrics,
            ProxyMeters meters,
            Supplier<Readiness> readiness,
            List<ApiRoutes.Group> groups)
            throws BindException {
        ApiRoutes api = new ApiRoutes();
        groups.forEach(group -> group.addTo(api));
        if (!admin.isLoopback()) {
            LOG.warn("the admin API on {} is not encrypted: have a proxy with TLS in front, or a tunnel", admin.bind());
        }
        LoopResources loops = LoopResources.create(THREADS, 1, true);
        try {
            // Off loopback the token keeps strange pages out, under whatever name they reach it.
            HttpListener everything = new HttpListener(
                    new Sources(List.of()),
                    admin.isLoopback() ? Hosts.LOOPBACK : Hosts.ANY,
                    new AdminAccess(admin),
                    Routes.all(meters, readiness, api));
            DisposableServer adminListener = everything.start(loops, "admin.bind", admin.bind());
            Optional<DisposableServer> metricsListener = Optional.empty();
            if (metrics.bind().isPresent()) {
                // Without allow-sources it is bound to loopback, where a browser could be led to it.
                Hosts hosts = metrics.allowSources().isEmpty() ? Hosts.LOOPBACK : Hosts.ANY;
                HttpListener metricsAlone = new HttpListener(
                        new Sources(metrics.allowSources()),
                        hosts,
                        new AdminAccess(AdminConfig.defaults()),
                        Routes.metrics(meters));
                metricsListener = Optional.of(
                        metricsAlone.start(loops, "metrics.bind", metrics.bind().get()));
            }
            return new AdminServer(loops, adminListener, metricsListener, api);
        } catch (BindException | RuntimeException e) {
            dispose(loops);
            api.close();
            throw e;
        }
    }

    /** Where the administrator's listener listens. */
    public InetSocketAddress address() {
        return (InetSocketAddress) admin.address();
    }

    /** Where the listener for {@code /metrics} alone listens; empty if none is configured. */
    public Optional<InetSocketAddress> metricsAddress() {
        return metrics.map(server -> (InetSocketAddress) server.address());
    }

    /** Closes listeners and connections, and ends the thread; returns when that is done. */
    @Override
    public void close() {
        metrics.ifPresent(server -> server.disposeNow(CLOSE_TIMEOUT));
        admin.disposeNow(CLOSE_TIMEOUT);
        dispose(loops);
        api.close();
    }

    /** Closes every channel of the loops with them. */
    private static void dispose(LoopResources loops) {
        loops.disposeLater(QUIET, CLOSE_TIMEOUT).block(CLOSE_TIMEOUT.multipliedBy(2));
    }
}
