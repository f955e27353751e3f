package dev.cgnat.proxy.testing;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The real Prometheus, on a free loopback port, scraping its targets every other second: who is slower to answer counts as down. */
public final class PrometheusProcess implements AutoCloseable {
    private static final Duration STARTS_WITHIN = Duration.ofMinutes(2);
    private static final Pattern LISTENING = Pattern.compile("\"?Listening on\"? address=(127\\.0\\.0\\.1:\\d+)");

    private final Process process;
    private final Path log;
    private final JsonMapper json = new JsonMapper();
    private final HttpClient client = HttpClient.newHttpClient();
    private final URI base;

    private PrometheusProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
        String address = await("prometheus listens")
                .atMost(STARTS_WITHIN)
                .until(this::listening, Optional::isPresent)
                .orElseThrow();
        base = URI.create("http://" + address);
    }

    /**
     * Starts it and waits until it is ready. Skips the test where there is no {@code prometheus}, see {@link Tools}.
     *
     * @param folder for its configuration, data and log; the caller deletes it after {@link #close}
     * @param target whose {@code /metrics} it scrapes, as job {@code natproxy}
     */
    public static PrometheusProcess start(Path folder, InetSocketAddress target) throws IOException {
        return start(folder, List.of(target), "groups: []");
    }

    /**
     * As {@link #start(Path, InetSocketAddress)}, with several targets.
     *
     * @param rules the text of a file of rules, which are evaluated once a second
     */
    public static PrometheusProcess start(Path folder, List<InetSocketAddress> targets, String rules)
            throws IOException {
        Path binary = Tools.require("prometheus");
        Files.writeString(folder.resolve("rules.yml"), rules);
        Path config = Files.writeString(folder.resolve("prometheus.yml"), """
                global: { scrape_interval: 2s, scrape_timeout: 2s, evaluation_interval: 1s }
                rule_files: [rules.yml]
                scrape_configs:
                  - job_name: natproxy
                    static_configs: [{ targets: [%s] }]
                """.formatted(
                        targets.stream().map(PrometheusProcess::quoted).collect(Collectors.joining(", "))));
        Path log = folder.resolve("prometheus.log");
        Process process = new ProcessBuilder(
                        binary.toString(),
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + folder.resolve("data"),
                        "--web.listen-address=127.0.0.1:0")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            PrometheusProcess prometheus = new PrometheusProcess(process, log);
            await("prometheus is ready").atMost(STARTS_WITHIN).until(prometheus::isReady);
            return prometheus;
        } catch (RuntimeException e) {
            stop(process);
            throw e;
        }
    }

    /**
     * The value of an instant query now; empty if it matches nothing.
     *
     * @throws IllegalArgumentException if it matches more than one series, or is no query
     */
    public OptionalDouble value(String query) {
        JsonNode result = series(query);
        if (result.size() > 1) {
            throw new IllegalArgumentException("query: " + query + " -> " + result + " (expected: at most one series)");
        }
        return result.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(
                        Double.parseDouble(result.get(0).path("value").get(1).asString()));
    }

    /**
     * What an instant query now finds, one element for each series.
     *
     * @throws IllegalArgumentException if it is no query
     */
    public JsonNode series(String query) {
        String parameter = URLEncoder.encode(query, StandardCharsets.UTF_8);
        JsonNode answer = api("query?query=" + parameter);
        if (!answer.path("status").asString().equals("success")) {
            throw new IllegalArgumentException("query: " + query + " -> " + answer + " (expected: a query)");
        }
        return answer.path("data").path("result");
    }

    /** What that path of its API answers. */
    public JsonNode api(String path) {
        return json.readTree(get("/api/v1/" + path).body());
    }

    private static String quoted(InetSocketAddress target) {
        String host = target.getAddress().getHostAddress();
        return "\"" + (host.contains(":") ? "[" + host + "]" : host) + ":" + target.getPort() + "\"";
    }

    /** Ends it, and returns when it has ended. */
    @Override
    public void close() {
        stop(process);
    }

    private boolean isReady() {
        return get("/-/ready").statusCode() == 200;
    }

    private Optional<String> listening() throws IOException {
        String text = Files.readString(log);
        if (!process.isAlive()) {
            throw new IllegalStateException("prometheus has ended: " + text);
        }
        Matcher matcher = LISTENING.matcher(text);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    private HttpResponse<String> get(String path) {
        HttpRequest request =
                HttpRequest.newBuilder(base.resolve(path)).timeout(Wire.GUARD).build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void stop(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
