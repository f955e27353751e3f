package dev.cgnat.proxy.testing;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.stream.Stream;

/** What a running proxy exports. */
public final class Metrics {
    private Metrics() {}

    /** The sum of the series of that name with all of these in their labels. */
    public static double value(Rig rig, String name, String... labels) throws IOException {
        return scrape(rig)
                .lines()
                .filter(line -> line.startsWith(name + "{") && Stream.of(labels).allMatch(line::contains))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    /** What Prometheus would read. */
    public static String scrape(Rig rig) throws IOException {
        return get(rig, "/metrics").body();
    }

    /** What the administrator's listener answers. */
    public static HttpResponse<String> get(Rig rig, String path) throws IOException {
        URI uri = URI.create("http://127.0.0.1:" + rig.proxy().adminAddress().getPort() + path);
        try {
            return HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
