package dev.cgnat.proxy.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.prometheus.client.Collector;
import io.prometheus.client.exporter.common.TextFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

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

    /** A histogram that somebody else counts, which no meter of Micrometer's can take over as it is. */
    void counted(CgnMeter meter, Supplier<List<CountedHistogram>> histograms) {
        registry.getPrometheusRegistry().register(new Collector() {
            @Override
            public List<MetricFamilySamples> collect() {
                List<MetricFamilySamples.Sample> samples = new ArrayList<>();
                histograms.get().forEach(histogram -> add(samples, meter, histogram));
                return List.of(new MetricFamilySamples(meter.family(), Type.HISTOGRAM, meter.help(), samples));
            }
        });
    }

    /** Every meter as text, in the format that suits an HTTP {@code Accept} header, which may be empty. */
    Exposition scrape(String accept) {
        String contentType = TextFormat.chooseContentType(accept);
        return new Exposition(contentType, registry.scrape(contentType));
    }

    private static void add(
            List<Collector.MetricFamilySamples.Sample> samples, CgnMeter meter, CountedHistogram histogram) {
        List<String> bucketKeys = new ArrayList<>(meter.tags());
        bucketKeys.add("le");
        long count = 0;
        for (int bucket = 0; bucket < histogram.counts().size(); bucket++) {
            count += histogram.counts().get(bucket);
            double bound =
                    bucket < histogram.bounds().size() ? histogram.bounds().get(bucket) : Double.POSITIVE_INFINITY;
            List<String> values = new ArrayList<>(histogram.tags());
            values.add(Collector.doubleToGoString(bound));
            samples.add(
                    new Collector.MetricFamilySamples.Sample(meter.family() + "_bucket", bucketKeys, values, count));
        }
        samples.add(sample(meter, "_count", histogram, (double) count));
        samples.add(sample(meter, "_sum", histogram, (double) histogram.sum()));
    }

    private static Collector.MetricFamilySamples.Sample sample(
            CgnMeter meter, String suffix, CountedHistogram histogram, double value) {
        return new Collector.MetricFamilySamples.Sample(meter.family() + suffix, meter.tags(), histogram.tags(), value);
    }
}
