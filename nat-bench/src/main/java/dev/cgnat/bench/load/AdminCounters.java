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

/** Reads the refusals that a proxy counted, from its Prometheus metrics. */
public final class AdminCounters {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    /** Text format 0.0.4: {@code name{labels} value [time]}; no value of a label that we read holds a quote. */
    private static final Pattern REFUSALS = Pattern.compile(
            "^cgn_port_allocation_failures_total\\{[^}]*\\breason=\"([^\"]*)\"[^}]*\\} ([0-9.eE+]+)",
            Pattern.MULTILINE);

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    private final URI metrics;

    /** @param admin the proxy's admin listener, such as {@code http://127.0.0.1:9477} */
    public AdminCounters(URI admin) {
        metrics = admin.resolve("/metrics");
    }

    /** Refusals so far by reason, over all pools. */
    public SortedMap<String, Long> refused() throws IOException, InterruptedException {
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

    static SortedMap<String, Long> parse(String text) {
        SortedMap<String, Long> counts = new TreeMap<>();
        Matcher matcher = REFUSALS.matcher(text);
        while (matcher.find()) {
            counts.merge(matcher.group(1), (long) Double.parseDouble(matcher.group(2)), Long::sum);
        }
        return counts;
    }
}
