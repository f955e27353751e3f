package dev.cgnat.proxy.admin.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a request is answered.
 *
 * @param body becomes JSON
 */
public record Answer(HttpResponseStatus status, Object body, Map<String, String> headers) {
    public Answer {
        headers = Map.copyOf(headers);
    }

    public static Answer ok(Object body) {
        return new Answer(HttpResponseStatus.OK, body, Map.of());
    }

    /** It will be done. */
    public static Answer accepted(Object body) {
        return new Answer(HttpResponseStatus.ACCEPTED, body, Map.of());
    }

    public Answer withStatus(HttpResponseStatus value) {
        return new Answer(value, body, headers);
    }

    public Answer withHeader(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Answer(status, body, more);
    }
}
