package dev.cgnat.proxy.client;

import dev.cgnat.proxy.ExitCodes;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks the admin API of one proxy.
 *
 * <p>Bounded: 5 s to connect, 30 s for an answer, 64 MiB of it, three tries where the proxy is busy and says when to come again. No
 * redirect is followed and no HTTP proxy is used, so the token goes nowhere else.
 */
final class ApiClient {
    private static final String BASE = "/api/v1";
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);
    private static final int TRIES = 3;
    private static final int LONGEST_PAUSE_SECONDS = 5;

    private static final int OK = 200;
    private static final int REDIRECT = 300;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int BAD_REQUEST = 400;
    private static final int MISDIRECTED = 421;
    private static final int UNPROCESSABLE = 422;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int UNAVAILABLE = 503;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .proxy(HttpClient.Builder.NO_PROXY)
            .build();
    private final JsonMapper json = new JsonMapper();
    private final URI admin;
    private final Optional<String> token;

    /** @param admin scheme, host and port of the proxy's {@code admin.bind} */
    ApiClient(URI admin, Optional<String> token) {
        this.admin = admin;
        this.token = token;
    }

    /** What came back. */
    record Answer(int status, JsonNode body) {
        boolean isOk() {
            return status >= OK && status < REDIRECT;
        }
    }

    /** @throws ClientException unless the answer is a success */
    JsonNode get(String path, Map<String, String> query) throws ClientException, InterruptedException {
        return require(send("GET", path, query, Optional.empty()));
    }

    /** @throws ClientException unless the answer is a success */
    JsonNode delete(String path, Map<String, String> query) throws ClientException, InterruptedException {
        return require(send("DELETE", path, query, Optional.empty()));
    }

    /** @throws ClientException unless the answer is a success */
    JsonNode post(String path, Map<String, String> body) throws ClientException, InterruptedException {
        return require(send("POST", path, Map.of(), Optional.of(json.writeValueAsString(body))));
    }

    /** POST without a body, for whoever wants to read a refusal himself. */
    Answer post(String path, String key, String value) throws ClientException, InterruptedException {
        return send("POST", path, Map.of(key, value), Optional.empty());
    }

    /** The lines of a stream of events, from that number on. */
    EventLines events(String types, Optional<Long> after) throws ClientException, InterruptedException {
        HttpRequest.Builder request = request("/events", Map.of("types", types)).GET();
        after.ifPresent(id -> request.header("Last-Event-ID", Long.toString(id)));
        EventLines lines = new EventLines(json);
        BodyHandler<Optional<byte[]>> handler = head -> head.statusCode() < REDIRECT
                ? HttpResponse.BodySubscribers.fromLineSubscriber(
                        lines, ignored -> Optional.empty(), StandardCharsets.UTF_8, "\n")
                : HttpResponse.BodySubscribers.mapping(new BoundedBody(), Optional::of);
        CompletableFuture<HttpResponse<Optional<byte[]>>> response = http.sendAsync(request.build(), handler);
        // The response is complete when the stream has ended, so the first line is what shows that it is one.
        response.whenComplete((done, failure) -> lines.end());
        if (!lines.hasBegun(ANSWER_TIMEOUT)) {
            HttpResponse<Optional<byte[]>> refusal = await(response);
            require(new Answer(refusal.statusCode(), parse(refusal.body().orElse(new byte[0]))));
        }
        return lines;
    }

    private Answer send(String method, String path, Map<String, String> query, Optional<String> body)
            throws ClientException, InterruptedException {
        HttpRequest.Builder request = request(path, query);
        body.ifPresent(text -> request.header("Content-Type", "application/json"));
        request.method(method, body.map(BodyPublishers::ofString).orElseGet(BodyPublishers::noBody));
        for (int tried = 1; ; tried++) {
            HttpResponse<byte[]> response = await(http.sendAsync(request.build(), head -> new BoundedBody()));
            boolean isBusy = response.statusCode() == TOO_MANY_REQUESTS || response.statusCode() == UNAVAILABLE;
            long pause = response.headers()
                    .firstValue("Retry-After")
                    .filter(value -> value.matches("\\d{1,3}"))
                    .map(Long::valueOf)
                    .orElse(Long.MAX_VALUE);
            if (!isBusy || tried == TRIES || pause > LONGEST_PAUSE_SECONDS) {
                return new Answer(response.statusCode(), parse(response.body()));
            }
            TimeUnit.SECONDS.sleep(pause);
        }
    }

    private HttpRequest.Builder request(String path, Map<String, String> query) {
        String parameters = query.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + escape(entry.getValue()))
                .collect(Collectors.joining("&"));
        URI uri = admin.resolve(BASE + path + (parameters.isEmpty() ? "" : "?" + parameters));
        HttpRequest.Builder request = HttpRequest.newBuilder(uri);
        token.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
        return request;
    }

    /** As a path or a query can carry it. */
    static String escape(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private <T> HttpResponse<T> await(CompletableFuture<HttpResponse<T>> response)
            throws ClientException, InterruptedException {
        try {
            return response.get(ANSWER_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            response.cancel(true);
            throw ClientException.unreachable(
                    admin + " does not answer within " + ANSWER_TIMEOUT.toSeconds() + " s (expected: a running proxy)");
        } catch (ExecutionException e) {
            throw ClientException.unreachable(unreachable(e.getCause()));
        }
    }

    private String unreachable(@Nullable Throwable cause) {
        if (cause instanceof BoundedBody.TooLong) {
            return admin + " answers with more than " + BoundedBody.MOST_BYTES + " bytes (expected: the admin API)";
        }
        String why = cause instanceof IOException && cause.getMessage() != null
                ? ": " + cause.getMessage()
                : cause instanceof ConnectException ? ": nobody listens there" : "";
        return admin + " cannot be reached" + why
                + " (expected: a proxy that runs there; its admin.bind is named by --admin or NATPROXY_ADMIN)";
    }

    private JsonNode parse(byte[] body) throws ClientException {
        try {
            return json.readTree(body);
        } catch (JacksonException e) {
            throw ClientException.unreachable(
                    admin + " answers no JSON (expected: the admin API of natproxy, not another server)");
        }
    }

    private JsonNode require(Answer answer) throws ClientException {
        if (!answer.isOk()) {
            throw refusal(answer);
        }
        return answer.body();
    }

    /** A refusal in words, with what to do. */
    ClientException refusal(Answer answer) {
        if (answer.status() < BAD_REQUEST) {
            return ClientException.unreachable(admin + " answers with status " + answer.status()
                    + " (expected: the admin API of natproxy itself, as no redirect is followed)");
        }
        JsonNode detail = answer.body().path("detail");
        String said = detail.isString() ? detail.asString() : "status " + answer.status();
        return switch (answer.status()) {
            case UNAUTHORIZED ->
                ClientException.unreachable(admin
                        + (token.isPresent()
                                ? " does not accept this token (expected: --token-file with that of its admin.token-file)"
                                : " asks for a token (expected: --token-file FILE)"));
            case FORBIDDEN, MISDIRECTED -> ClientException.unreachable(said);
            case NOT_FOUND -> new ClientException(ExitCodes.NOT_FOUND, said);
            case BAD_REQUEST -> ClientException.usage(said);
            case UNPROCESSABLE -> new ClientException(ExitCodes.INVALID_CONFIG, said);
            default -> new ClientException(ExitCodes.FAILED, said);
        };
    }
}
