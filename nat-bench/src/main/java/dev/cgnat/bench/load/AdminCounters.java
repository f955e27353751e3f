package dev.cgnat.bench.load;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what a proxy counts, from its Prometheus metrics. */
public final class AdminCounters {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    /** Text format 0.0.4: {@code name{labels} value [time]}; no value of a label that we read holds a quote. */
    private static final Pattern REFUSALS = Pattern.compile(
            "^cgn_port_allocation_failures_total\\{[^}]*\\breason=\"([^\"]*)\"[^}]*\\} ([0-9.eE+]+)",
            Pattern.MULTILINE);

    private static final Pattern PORTS =
            Pattern.compile("^cgn_pool_ports\\{([^}]*)\\} ([0-9.eE+]+)", Pattern.MULTILINE);
    private static final Pattern STATE = Pattern.compile("\\bstate=\"([^\"]*)\"");

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    private final URI metrics;

    /** @param admin the proxy's admin listener, such as {@code http://127.0.0.1:9477} */
    public AdminCounters(URI admin) {
        metrics = admin.resolve("/metrics");
    }

    /**
     * What a proxy says at a moment, over all its pools.
     *
     * @param refused so far, by reason
     * @param ports (address, port) pairs of TCP by state: {@code in_use}, {@code held}, {@code reserved}, {@code free}
     */
    public record Reading(SortedMap<String, Long> refused, SortedMap<String, Long> ports) {
        /** Pairs in that state. */
        public int ports(String state) {
            return Math.toIntExact(ports.getOrDefault(state, 0L));
        }

        /** Pairs in all. */
        public int capacity() {
            return Math.toIntExact(
                    ports.values().stream().mapToLong(Long::longValue).sum());
        }
    }

    /** What the proxy counts now. */
    public Reading read() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(metrics)
                .timeout(TIMEOUT)
                .header("Accept", "text/plain; version=0.0.4")
                .build();
        HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException("status " + response.statusCode());
        }
        return parse(response.body());
    }

    static Reading parse(String text) {
        return new Reading(refusals(text), ports(text));
    }

    private static SortedMap<String, Long> ports(String text) {
        SortedMap<String, Long> counts = new TreeMap<>();
        Matcher matcher = PORTS.matcher(text);
        while (matcher.find()) {
            Matcher state = STATE.matcher(matcher.group(1));
            if (matcher.group(1).contains("protocol=\"tcp\"") && state.find()) {
                counts.merge(state.group(1), (long) Double.parseDouble(matcher.group(2)), Long::sum);
            }
        }
        return counts;
    }

    private static SortedMap<String, Long> refusals(String text) {
        SortedMap<String, Long> counts = new TreeMap<>();
        Matcher matcher = REFUSALS.matcher(text);
        while (matcher.find()) {
            counts.merge(matcher.group(1), (long) Double.parseDouble(matcher.group(2)), Long::sum);
        }
        return counts;
    }
}
