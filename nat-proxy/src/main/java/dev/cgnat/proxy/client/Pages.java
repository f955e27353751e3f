package dev.cgnat.proxy.client;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/** A list of the API, page after page. */
final class Pages {
    private static final int MOST_OF_A_PAGE = 1000;
    private static final int MOST = 1_000_000;

    private final ApiClient api;
    private final String path;
    private final Map<String, String> query;
    private final int limit;
    private int count;
    private Optional<Long> left = Optional.empty();

    /** @param limit items of all pages together */
    Pages(ApiClient api, String path, Map<String, String> query, int limit) throws ClientException {
        if (limit < 1 || limit > MOST) {
            throw ClientException.usage("--limit: " + limit + " (expected: 1 to " + MOST + ")");
        }
        this.api = api;
        this.path = path;
        this.query = query;
        this.limit = limit;
    }

    void forEach(Consumer<List<JsonNode>> page) throws ClientException, InterruptedException {
        Optional<String> cursor = Optional.empty();
        do {
            Map<String, String> parameters = new LinkedHashMap<>(query);
            parameters.put("limit", Integer.toString(Math.min(MOST_OF_A_PAGE, limit - count)));
            cursor.ifPresent(from -> parameters.put("cursor", from));
            JsonNode answer = api.get(path, parameters);
            List<JsonNode> items = answer.path("items").valueStream().toList();
            page.accept(items);
            count += items.size();
            JsonNode next = answer.path("nextCursor");
            cursor = next.isString() ? Optional.of(next.asString()) : Optional.empty();
            long total = answer.path("approximateTotal").asLong(0);
            left = cursor.map(more -> Math.max(total, count + 1L));
        } while (cursor.isPresent() && count < limit);
    }

    /** Items so far. */
    int count() {
        return count;
    }

    /** About how many there are in all, if not all were listed. */
    Optional<Long> left() {
        return left;
    }
}
