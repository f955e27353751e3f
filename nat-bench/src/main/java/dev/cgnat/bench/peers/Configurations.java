package dev.cgnat.bench.peers;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The configuration files of the peers, which the jar carries; <code>${name}</code> stands for what a run fills in. */
public final class Configurations {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{(\\w+)}");
    private static final List<String> NAMES = List.of(
            "speed.yaml",
            "small.yaml",
            "crowd.yaml",
            "haproxy.cfg",
            "haproxy-tuned.cfg",
            "nginx.conf",
            "danted.conf",
            "nat.nft");

    private Configurations() {}

    /** Names of all files. */
    public static List<String> names() {
        return NAMES;
    }

    /**
     * The file as it is written.
     *
     * @param name one of {@link #names()}
     */
    public static String template(String name) {
        if (!NAMES.contains(name)) {
            throw new IllegalArgumentException("name: " + name + " (expected: one of " + NAMES + ")");
        }
        try (InputStream file = Configurations.class.getResourceAsStream("configuration/" + name)) {
            if (file == null) {
                throw new IllegalStateException("configuration/" + name + " (expected: in the jar)");
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The file with all placeholders filled in; each must have a value. */
    static String render(String name, Map<String, String> values) {
        Matcher matcher = PLACEHOLDER.matcher(template(name));
        StringBuilder text = new StringBuilder();
        while (matcher.find()) {
            String value = values.get(matcher.group(1));
            if (value == null) {
                throw new IllegalArgumentException(
                        name + ": " + matcher.group() + " (expected: one of " + values.keySet() + ")");
            }
            matcher.appendReplacement(text, Matcher.quoteReplacement(value));
        }
        return matcher.appendTail(text).toString();
    }
}
