package dev.cgnat.proxy.admin;

import dev.cgnat.proxy.admin.http.ApiRoutes;
import dev.cgnat.proxy.metrics.Exposition;
import dev.cgnat.proxy.metrics.ProxyMeters;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.reactivestreams.Publisher;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.HttpServerRoutes;
import tools.jackson.databind.json.JsonMapper;

/** What is served at which path. */
final class Routes {
    private static final String JSON = "application/json";

    /** Whatever the path. */
    private static final Set<HttpMethod> KNOWN = Set.of(
            HttpMethod.GET, HttpMethod.HEAD, HttpMethod.POST, HttpMethod.PUT, HttpMethod.DELETE, HttpMethod.OPTIONS);

    private final JsonMapper json = new JsonMapper();
    private final HttpServerRoutes routes = HttpServerRoutes.newRoutes();

    private record Health(String status, List<Readiness.Check> checks) {}

    private Routes() {}

    /** {@code /metrics} alone. */
    static Routes metrics(ProxyMeters meters) {
        return new Routes().addMetrics(meters).addOthers();
    }

    /** {@code /metrics}, {@code /healthz}, {@code /readyz}, the dashboard and what {@code api} has. */
    static Routes all(ProxyMeters meters, Supplier<Readiness> readiness, ApiRoutes api) {
        Routes all = new Routes();
        api.addTo(all.routes);
        return all
                .addMetrics(meters)
                .addDashboard(new Dashboard())
                .addJson("/healthz", () -> new Health("alive", List.of()), health -> HttpResponseStatus.OK)
                .addReadiness(readiness)
                .addOthers();
    }

    Publisher<Void> answer(HttpServerRequest request, HttpServerResponse response) {
        return routes.apply(request, response);
    }

    private Routes addMetrics(ProxyMeters meters) {
        return add("/metrics", (request, response) -> {
            String accept = request.requestHeaders().get(HttpHeaderNames.ACCEPT, "");
            Exposition exposition = meters.scrape(accept);
            return ApiRoutes.send(request, response, exposition.contentType(), exposition.text());
        });
    }

    private Routes addDashboard(Dashboard dashboard) {
        dashboard.paths().forEach(path -> add(path, dashboard::answer));
        return this;
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
            return ApiRoutes.send(
                    request, response.status(status.apply(health)), JSON, json.writeValueAsString(health));
        });
    }

    private Routes add(String path, Handler handler) {
        routes.route(request -> request.fullPath().equals(path), (request, response) -> {
            if (request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD)) {
                return handler.answer(request, response);
            }
            response.header(HttpHeaderNames.ALLOW, "GET, HEAD");
            return ApiRoutes.refuse(
                    request,
                    response,
                    HttpResponseStatus.METHOD_NOT_ALLOWED,
                    request.method() + " (expected: GET, HEAD)");
        });
        return this;
    }

    private Routes addOthers() {
        routes.route(
                request -> true,
                (request, response) -> KNOWN.contains(request.method())
                        ? ApiRoutes.refuse(
                                request, response, HttpResponseStatus.NOT_FOUND, "nothing is served at this path")
                        : ApiRoutes.refuse(
                                request,
                                response.header(HttpHeaderNames.ALLOW, "GET, HEAD, POST, PUT, DELETE"),
                                HttpResponseStatus.METHOD_NOT_ALLOWED,
                                request.method() + " (expected: GET, HEAD, POST, PUT or DELETE)"));
        return this;
    }

    private interface Handler {
        Publisher<Void> answer(HttpServerRequest request, HttpServerResponse response);
    }
}
