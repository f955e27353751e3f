package dev.cgnat.proxy.admin;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * The dashboard: a page and what it loads, from the jar. What it shows it asks of the API, as anybody would.
 *
 * <p>The files say nothing about the proxy, so they need no token. A browser is told to load and to run nothing but them, and to
 * ask nobody but this server.
 *
 * <p>Immutable. <b>Costs</b>: some 120 KiB of memory.
 */
final class Dashboard {
    private static final String FOLDER = "/dev/cgnat/proxy/web/";
    private static final String PAGE = "index.html";
    private static final String SCRIPT = "text/javascript; charset=utf-8";
    private static final String STYLE = "text/css; charset=utf-8";
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
            + " img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry(PAGE, "text/html; charset=utf-8"),
            Map.entry("dashboard.css", STYLE),
            Map.entry("addresses.js", SCRIPT),
            Map.entry("api.js", SCRIPT),
            Map.entry("charts.js", SCRIPT),
            Map.entry("dialogs.js", SCRIPT),
            Map.entry("dom.js", SCRIPT),
            Map.entry("filter.js", SCRIPT),
            Map.entry("main.js", SCRIPT),
            Map.entry("panels.js", SCRIPT),
            Map.entry("samples.js", SCRIPT),
            Map.entry("sessions.js", SCRIPT),
            Map.entry("words.js", SCRIPT),
            Map.entry("uplot/uPlot.iife.min.js", SCRIPT),
            Map.entry("uplot/uPlot.min.css", STYLE));

    private final Map<String, Asset> assets = new LinkedHashMap<>();

    /** One file, as it is served. */
    private static final class Asset {
        private final byte[] bytes;
        private final String type;
        private final String tag;

        Asset(byte[] bytes, String type, String tag) {
            this.bytes = bytes;
            this.type = type;
            this.tag = tag;
        }
    }

    Dashboard() {
        TYPES.forEach((name, type) -> {
            byte[] bytes = read(name);
            assets.put(name.equals(PAGE) ? "/" : "/assets/" + name, new Asset(bytes, type, tag(bytes)));
        });
    }

    /** Where something is. */
    Set<String> paths() {
        return assets.keySet();
    }

    /** Answers a GET or HEAD of one of {@link #paths()}. */
    Publisher<Void> answer(HttpServerRequest request, HttpServerResponse response) {
        Asset asset = assets.get(request.fullPath());
        if (asset == null) {
            throw new IllegalArgumentException("path: " + request.fullPath() + " (expected: one of " + paths() + ")");
        }
        response.header(HttpHeaderNames.ETAG, asset.tag)
                .header(HttpHeaderNames.CACHE_CONTROL, "no-cache") // may be kept, and is asked for again
                .header("Content-Security-Policy", POLICY)
                .header("X-Content-Type-Options", "nosniff")
                .header("Referrer-Policy", "no-referrer")
                .header("Cross-Origin-Resource-Policy", "same-origin");
        if (asset.tag.equals(request.requestHeaders().get(HttpHeaderNames.IF_NONE_MATCH))) {
            return response.status(HttpResponseStatus.NOT_MODIFIED).send();
        }
        response.header(HttpHeaderNames.CONTENT_TYPE, asset.type)
                .header(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(asset.bytes.length));
        return request.method().equals(HttpMethod.HEAD)
                ? response.send()
                : response.sendByteArray(Mono.just(asset.bytes));
    }

    private static byte[] read(String name) {
        try (InputStream in = Dashboard.class.getResourceAsStream(FOLDER + name)) {
            if (in == null) {
                throw new IllegalStateException("resource: " + FOLDER + name + " (expected: in the jar)");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of the content, so that a browser takes a new version for what it is. */
    private static String tag(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return '"' + HexFormat.of().formatHex(digest, 0, 12) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }
}
