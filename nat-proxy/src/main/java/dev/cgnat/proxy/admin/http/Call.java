package dev.cgnat.proxy.admin.http;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** One request: what it asks for, with words for what is wrong with it. */
public final class Call {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final Map<String, String> path;
    private final Map<String, List<String>> query;
    private final HttpHeaders headers;
    private final byte[] body;

    /**
     * @param path what stood in the places of the path that have names
     * @param uri with its query
     */
    public Call(Map<String, String> path, String uri, HttpHeaders headers, byte[] body) {
        this.path = path;
        query = new QueryStringDecoder(uri).parameters();
        this.headers = headers;
        this.body = body.clone();
    }

    /** What stands in the place {@code {name}} of the path. */
    public String path(String name) {
        String value = path.get(name);
        if (value == null) {
            throw new IllegalArgumentException("name: " + name + " (expected: one of " + path.keySet() + ")");
        }
        return QueryStringDecoder.decodeComponent(value.replace("+", "%2B"));
    }

    /** A header; empty if it is not there. */
    public String header(String name) {
        return headers.get(name, "");
    }

    public String body() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** The body as JSON; {@link Problem} if it is none, or has other keys. */
    public <T> T body(Class<T> type) {
        try {
            return JSON.readValue(body, type);
        } catch (JacksonException e) {
            throw Problem.badRequest("body: " + e.getOriginalMessage());
        }
    }

    /** Refuses every parameter that is not one of these, as a misspelt filter would match everything. */
    public Call allowing(String... names) {
        Set<String> known = Set.of(names);
        query.keySet().stream()
                .filter(name -> !known.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw Problem.badRequest(name + ": unknown parameter (expected: "
                            + (names.length == 0 ? "none" : String.join(", ", names)) + ")");
                });
        return this;
    }

    /** The parameter of that name; empty if it is not there or says nothing. */
    public Optional<String> query(String name) {
        List<String> values = query.getOrDefault(name, List.of());
        if (values.size() > 1) {
            throw Problem.badRequest(name + ": " + values + " (expected: once)");
        }
        return values.stream().filter(value -> !value.isEmpty()).findFirst();
    }

    /** As {@link #query(String)}, read by {@code reader}, whose {@link IllegalArgumentException} says what was expected. */
    public <T> Optional<T> query(String name, Function<String, T> reader) {
        return query(name).map(value -> {
            try {
                return reader.apply(value);
            } catch (IllegalArgumentException e) {
                throw Problem.badRequest(name + ": " + value + " " + e.getMessage());
            }
        });
    }

    public boolean truth(String name) {
        return query(name, text -> {
                    if (text.equals("true") || text.equals("false")) {
                        return text.equals("true");
                    }
                    throw new IllegalArgumentException("(expected: true or false)");
                })
                .orElse(false);
    }

    /** A whole number of {@code least} to {@code most}. */
    public Optional<Integer> number(String name, int least, int most) {
        return query(name, text -> {
            String expected = "(expected: " + least + " to " + most + ")";
            if (!text.matches("\\d{1,9}")) {
                throw new IllegalArgumentException(expected);
            }
            int number = Integer.parseInt(text);
            if (number < least || number > most) {
                throw new IllegalArgumentException(expected);
            }
            return number;
        });
    }

    /** Such as {@code 60s}. */
    public Optional<Duration> duration(String name) {
        return query(name, Call::parseDuration);
    }

    /** A whole number with its unit: ms, s, m, h or d. */
    public static Duration parseDuration(String text) {
        if (!text.matches("\\d{1,9}(ms|s|m|h|d)")) {
            throw new IllegalArgumentException("(expected: a whole number with its unit, such as 60s, 5m or 2h)");
        }
        long count = Long.parseLong(text.replaceAll("\\D", ""));
        return switch (text.replaceAll("\\d", "")) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
    }

    /** A constant by its name in lower case. */
    public static <E extends Enum<E>> E word(Class<E> type, String text) {
        return Stream.of(type.getEnumConstants())
                .filter(constant -> constant.name().toLowerCase(Locale.ROOT).equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("(expected: "
                        + String.join(
                                ", ",
                                Stream.of(type.getEnumConstants())
                                        .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                                        .toList())
                        + ")"));
    }

    /** A problem of the precondition if {@code If-Match} names another version than {@code tag}. */
    public void requireMatch(String tag) {
        String wanted = header("If-Match");
        if (!wanted.isEmpty() && !wanted.equals("*") && !wanted.equals(tag)) {
            throw Problem.of(
                    HttpResponseStatus.PRECONDITION_FAILED, "If-Match: " + wanted + " (expected: " + tag + ")");
        }
    }
}
