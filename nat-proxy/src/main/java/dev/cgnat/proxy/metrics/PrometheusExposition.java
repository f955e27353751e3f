package dev.cgnat.proxy.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.prometheus.client.exporter.common.TextFormat;

/**
 * The one class that names the Prometheus registry: its simpleclient form is deprecated upstream, so it must be
 * replaceable in one place.
 */
@SuppressWarnings("deprecation")
final class PrometheusExposition {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    MeterRegistry registry() {
        return registry;
    }

    /** Every meter as text, in the format that suits an HTTP {@code Accept} header, which may be empty. */
    Exposition scrape(String accept) {
        String contentType = TextFormat.chooseContentType(accept);
        return new Exposition(contentType, registry.scrape(contentType));
    }
}
