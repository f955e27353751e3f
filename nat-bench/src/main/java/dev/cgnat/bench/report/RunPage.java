package dev.cgnat.bench.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A report of a run or a {@link ShootoutReport} as one HTML file, with charts: it needs no other file and no network, and a
 * policy in it lets it ask for none. Without scripts it shows the text.
 */
public final class RunPage {
    private static final String UPLOT = "/dev/cgnat/proxy/web/uplot/";
    private static final Pattern PLACEHOLDER = Pattern.compile("@([A-Z_]+)@");

    private RunPage() {}

    /** The page of {@code report}. */
    public static String html(SavedReport report) {
        return page(report.command() + ": " + report.run().title(), report.text(), report.page());
    }

    /** The page of many profiles side by side. */
    public static String html(ShootoutReport report) {
        return page("shootout: " + report.parameters().getOrDefault("workload", ""), report.text(), report);
    }

    private static String page(String title, String text, Object report) {
        String chartScript = resource(UPLOT + "uPlot.iife.min.js");
        String pageScript = resource("report.js");
        Map<String, String> values = Map.of(
                "TITLE", escaped(title),
                "POLICY",
                        "default-src 'none'; style-src 'unsafe-inline'; script-src " + hash(chartScript) + " "
                                + hash(pageScript),
                "CHART_LICENCE", resource(UPLOT + "LICENSE"),
                "CHART_STYLE", resource(UPLOT + "uPlot.min.css"),
                "CHART_SCRIPT", chartScript,
                "STYLE", resource("report.css"),
                "SCRIPT", pageScript,
                "TEXT", escaped(text),
                "DATA", data(report));
        return filled(resource("report.html"), values);
    }

    /** In one pass, so that a value may hold what looks like a placeholder. */
    private static String filled(String template, Map<String, String> values) {
        Matcher matcher = PLACEHOLDER.matcher(template);
        return matcher.replaceAll(
                found -> Matcher.quoteReplacement(values.getOrDefault(found.group(1), found.group())));
    }

    /** JSON that ends no script element early, and that every parser of scripts takes. */
    private static String data(Object report) {
        return Json.line(report)
                .replace("<", "\\u003c")
                .replace(">", "\\u003e")
                .replace("&", "\\u0026")
                .replace("\u2028", "\\u2028")
                .replace("\u2029", "\\u2029");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    /** How a policy names a script that may run. */
    private static String hash(String script) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is in every JDK", e);
        }
    }

    private static String resource(String name) {
        try (InputStream in = RunPage.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is not in this program");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(name + " cannot be read", e);
        }
    }
}
