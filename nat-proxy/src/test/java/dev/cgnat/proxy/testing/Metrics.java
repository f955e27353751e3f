package dev.cgnat.proxy.testing;

import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.stream.Stream;

/** What a running proxy exports. */
public final class Metrics {
    private Metrics() {}

    /** The sum of the series of that name with all of these in their labels. */
    public static double value(Rig rig, String name, String... labels) throws Exception {
        return get(rig, "/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name + "{") && Stream.of(labels).allMatch(line::contains))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    /** What the administrator's listener answers. */
    public static HttpResponse<String> get(Rig rig, String path) throws Exception {
        InetSocketAddress admin = rig.proxy().adminAddress();
        URI uri = URI.create("http://127.0.0.1:" + admin.getPort() + path);
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
}
