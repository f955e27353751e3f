package dev.cgnat.proxy.admin;

import dev.cgnat.proxy.metrics.Exposition;
import dev.cgnat.proxy.metrics.ProxyMeters;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.HttpServerRoutes;
import tools.jackson.databind.json.JsonMapper;

/** What is served at which path. Nothing here changes state, and nothing but GET is answered. */
final class Routes {
    private static final String JSON = "application/json";
    private static final String PROBLEM = "application/problem+json";

    private final JsonMapper json = new JsonMapper();
    private final HttpServerRoutes routes = HttpServerRoutes.newRoutes();

    private record Health(String status, List<Readiness.Check> checks) {}

    /** RFC 9457; without {@code type} it means what the status means. */
    private record Problem(String title, int status, String detail) {}

    private Routes() {}

    /** {@code /metrics} alone. */
    static Routes metrics(ProxyMeters meters) {
        return new Routes().addMetrics(meters).addOthers();
    }

    /** {@code /metrics}, {@code /healthz} and {@code /readyz}. */
    static Routes all(ProxyMeters meters, Supplier<Readiness> readiness) {
        return new Routes()
                .addMetrics(meters)
                .addJson("/healthz", () -> new Health("alive", List.of()), health -> HttpResponseStatus.OK)
                .addReadiness(readiness)
                .addOthers();
    }

    Publisher<Void> answer(HttpServerRequest request, HttpServerResponse response) {
        return routes.apply(request, response);
    }

    /** A refusal before any route is looked at. */
    Publisher<Void> refuse(HttpServerResponse response, HttpResponseStatus status, String detail) {
        Problem problem = new Problem(status.reasonPhrase(), status.code(), detail);
        return send(response.status(status), PROBLEM, json.writeValueAsString(problem));
    }

    private Routes addMetrics(ProxyMeters meters) {
        return add("/metrics", (request, response) -> {
            String accept = request.requestHeaders().get(HttpHeaderNames.ACCEPT, "");
            Exposition exposition = meters.scrape(accept);
            return send(response, exposition.contentType(), exposition.text());
        });
    }

    private Routes addReadiness(Supplier<Readiness> readiness) {
        return addJson(
                "/readyz",
                () -> {
                    Readiness now = readiness.get();
                    return new Health(now.passes() ? "ready" : "unready", now.checks());
                },
                health -> health.status().equals("ready")
                        ? HttpResponseStatus.OK
                        : HttpResponseStatus.SERVICE_UNAVAILABLE);
    }

    private Routes addJson(String path, Supplier<Health> body, Function<Health, HttpResponseStatus> status) {
        return add(path, (request, response) -> {
            Health health = body.get();
            return send(response.status(status.apply(health)), JSON, json.writeValueAsString(health));
        });
    }

    private Routes add(String path, Handler handler) {
        routes.route(request -> request.fullPath().equals(path), (request, response) -> {
            if (request.method().equals(HttpMethod.GET)) {
                return handler.answer(request, response);
            }
            response.header(HttpHeaderNames.ALLOW, HttpMethod.GET.name());
            return refuse(response, HttpResponseStatus.METHOD_NOT_ALLOWED, request.method() + " (expected: GET)");
        });
        return this;
    }

    private Routes addOthers() {
        routes.route(
                request -> true,
                (request, response) ->
                        refuse(response, HttpResponseStatus.NOT_FOUND, "nothing is served at this path"));
        return this;
    }

    private static Publisher<Void> send(HttpServerResponse response, String contentType, String body) {
        return response.header(HttpHeaderNames.CONTENT_TYPE, contentType)
                .header(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .header("X-Content-Type-Options", "nosniff")
                .sendString(Mono.just(body));
    }

    private interface Handler {
        Publisher<Void> answer(HttpServerRequest request, HttpServerResponse response);
    }
}
