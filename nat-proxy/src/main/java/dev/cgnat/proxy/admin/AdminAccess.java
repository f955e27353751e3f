package dev.cgnat.proxy.admin;

import dev.cgnat.proxy.config.AdminConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whether a request may be answered by what it says of itself: who sends it, and from which page of a browser.
 *
 * <p>A page of somebody else can make a browser send requests to a loopback address, and forms need no permission to do so; but
 * browsers tell by {@code Origin} and {@code Sec-Fetch-Site} where such a request comes from, and no page can change these.
 *
 * <p>Immutable. <b>RFC</b>: 6750 (bearer tokens), 9110 section 9.2.1 (safe methods).
 */
final class AdminAccess {
    /** Load balancers and orchestrators ask for these, and they tell nothing of anybody. */
    private static final Set<String> OPEN_TO_ALL = Set.of("/healthz", "/readyz");

    private static final String BEARER = "Bearer ";
    private static final Set<String> OWN_SITES = Set.of("same-origin", "none");

    private final AdminConfig config;

    AdminAccess(AdminConfig config) {
        this.config = config;
    }

    /** Why a request is refused. */
    record Denial(HttpResponseStatus status, String detail) {}

    /** Empty if the request may be answered. */
    Optional<Denial> denial(HttpMethod method, String path, HttpHeaders headers) {
        if (!OPEN_TO_ALL.contains(path) && !path.equals("/") && !path.startsWith("/assets/") && !hasToken(headers)) {
            return denied(
                    HttpResponseStatus.UNAUTHORIZED,
                    "Authorization (expected: Bearer and the token of admin.token-file)");
        }
        if (method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD)) {
            return Optional.empty();
        }
        if (isOfAnotherSite(headers)) {
            return denied(HttpResponseStatus.FORBIDDEN, "Origin (expected: none, or this server itself)");
        }
        return config.readOnly()
                ? denied(HttpResponseStatus.FORBIDDEN, method + ": admin.read-only is true (expected: GET)")
                : Optional.empty();
    }

    private boolean hasToken(HttpHeaders headers) {
        if (config.token().isEmpty()) {
            return true;
        }
        List<String> given = headers.getAll(HttpHeaderNames.AUTHORIZATION);
        return given.size() == 1
                && given.get(0).regionMatches(true, 0, BEARER, 0, BEARER.length())
                && config.token()
                        .get()
                        .accept(given.get(0).substring(BEARER.length()).strip());
    }

    private static boolean isOfAnotherSite(HttpHeaders headers) {
        String site = headers.get("Sec-Fetch-Site", "none");
        List<String> origins = headers.getAll(HttpHeaderNames.ORIGIN);
        String own = "http://" + headers.get(HttpHeaderNames.HOST, "");
        return !OWN_SITES.contains(site)
                || !origins.stream()
                        .allMatch(origin -> origin.equals(own) || origin.equals("https" + own.substring(4)));
    }

    private static Optional<Denial> denied(HttpResponseStatus status, String detail) {
        return Optional.of(new Denial(status, detail));
    }
}
