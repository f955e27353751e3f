package dev.cgnat.proxy.client;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A filter in the manner of {@code ss(8)}, as the filters that the proxy has: {@code state established and dst :443 olderthan 60s}.
 * Every term must hold; {@code and} may be left out, a colon may stand behind the first word of a term, and quotes around a value with
 * blanks. The dashboard's {@code filter.js} knows the same language.
 */
final class SessionQuery {
    static final String TERMS =
            "state S[,S], src A, dst A, sport N, dport N, external IP[:PORT], subscriber NAME, pool NAME, "
                    + "listener NAME, olderthan TIME, idlefor TIME";

    private static final Pattern WORD = Pattern.compile("[^\\s\"]*\"[^\"]*\"|\\S+");
    private static final Pattern JOINED = Pattern.compile("([A-Za-z]+)[:=](.+)");

    private final Map<String, String> filters = new LinkedHashMap<>();

    private SessionQuery() {}

    /** The API's parameters for a filter in words, each of which may be several words; empty for none. */
    static Map<String, String> parse(List<String> words) throws ClientException {
        Deque<String> rest = new ArrayDeque<>();
        for (String word : words) {
            WORD.matcher(word).results().map(MatchResult::group).forEach(rest::add);
        }
        SessionQuery query = new SessionQuery();
        boolean mayJoin = false;
        while (!rest.isEmpty()) {
            String key = rest.remove();
            if (mayJoin && key.equalsIgnoreCase("and")) {
                key = next(rest, key, "a term after it: " + TERMS);
            }
            Matcher joined = JOINED.matcher(key);
            if (joined.matches()) {
                key = joined.group(1);
                rest.addFirst(joined.group(2));
            }
            query.term(key, rest);
            mayJoin = true;
        }
        return query.filters;
    }

    private void term(String key, Deque<String> rest) throws ClientException {
        switch (key.toLowerCase(Locale.ROOT)) {
            case "state" ->
                put(
                        key,
                        "state",
                        value(rest, key, "connecting, established or half_closed")
                                .toLowerCase(Locale.ROOT)
                                .replace('-', '_'));
            case "src" -> put(key, "src", endpoint(rest, key));
            case "dst" -> put(key, "dst", endpoint(rest, key));
            case "sport" -> put(key, "src", port(rest, key));
            case "dport" -> put(key, "dst", port(rest, key));
            case "external" -> external(value(rest, key, "IP or IP:PORT"));
            case "externalip" -> put(key, "externalIp", value(rest, key, "an address or a prefix"));
            case "port" -> put(key, "port", port(rest, key).substring(1));
            case "subscriber", "sub" -> put(key, "subscriber", value(rest, key, "a name"));
            case "pool" -> put(key, "pool", value(rest, key, "a name"));
            case "listener" -> put(key, "listener", value(rest, key, "a name"));
            case "olderthan" -> put(key, "olderThan", value(rest, key, "a time such as 60s"));
            case "idlefor", "idle" -> put(key, "idleFor", value(rest, key, "a time such as 60s"));
            case "or", "not", "!", "(", ")" ->
                throw ClientException.usage(
                        "filter: " + key + " (expected: terms that all hold, joined by and; ask twice for either)");
            default -> throw ClientException.usage("filter: " + key + " (expected: " + TERMS + ")");
        }
    }

    private void external(String text) throws ClientException {
        int colon = text.lastIndexOf(':');
        boolean hasPort = colon >= 0 && (text.indexOf(':') == colon || text.charAt(Math.max(0, colon - 1)) == ']');
        if (!hasPort || colon > 0) {
            put("external", "externalIp", (hasPort ? text.substring(0, colon) : text).replaceAll("[\\[\\]]", ""));
        }
        if (hasPort) {
            put("external", "port", text.substring(colon + 1));
        }
    }

    private static String endpoint(Deque<String> rest, String key) throws ClientException {
        String text = value(rest, key, "an address, a prefix, IP:PORT or :PORT");
        return text.startsWith("*:") ? text.substring(1) : text;
    }

    private static String port(Deque<String> rest, String key) throws ClientException {
        String text = value(rest, key, "a port");
        String number = text.startsWith(":") ? text.substring(1) : text;
        if (!number.matches("\\d{1,5}")) {
            throw ClientException.usage("filter: " + key + " " + text + " (expected: a port)");
        }
        return ":" + number;
    }

    /** The word after {@code key}, and after an equals sign if there is one. */
    private static String value(Deque<String> rest, String key, String expected) throws ClientException {
        String word = next(rest, key, expected);
        return (List.of("=", "==", "eq").contains(word) ? next(rest, key, expected) : word).replace("\"", "");
    }

    private static String next(Deque<String> rest, String key, String expected) throws ClientException {
        if (rest.isEmpty()) {
            throw ClientException.usage("filter: " + key + " (expected: " + expected + ")");
        }
        return rest.remove();
    }

    private void put(String key, String parameter, String value) throws ClientException {
        if (filters.putIfAbsent(parameter, value) != null) {
            throw ClientException.usage("filter: " + key + " " + value + " (expected: " + parameter + " once)");
        }
    }
}
