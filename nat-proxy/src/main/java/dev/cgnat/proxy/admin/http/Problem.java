package dev.cgnat.proxy.admin.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.cgnat.proxy.config.ConfigProblem;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;

/** Why a request is not answered, to be told to the client (RFC 9457). */
public final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient HttpResponseStatus status;
    private final transient List<ConfigProblem> errors;

    private Problem(HttpResponseStatus status, String detail, List<ConfigProblem> errors) {
        super(detail, null, false, false); // expected, so nobody looks at a trace
        this.status = status;
        this.errors = List.copyOf(errors);
    }

    /** The body; without {@code type} it means what the status means. */
    @JsonPropertyOrder({"title", "status", "detail", "errors"})
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Body(String title, int status, String detail, List<ConfigProblem> errors) {
        public Body {
            errors = List.copyOf(errors);
        }

        public static Body of(HttpResponseStatus status, String detail) {
            return new Body(status.reasonPhrase(), status.code(), detail, List.of());
        }
    }

    public static Problem of(HttpResponseStatus status, String detail) {
        return new Problem(status, detail, List.of());
    }

    public static Problem badRequest(String detail) {
        return of(HttpResponseStatus.BAD_REQUEST, detail);
    }

    public static Problem notFound(String detail) {
        return of(HttpResponseStatus.NOT_FOUND, detail);
    }

    /** A configuration with mistakes. */
    public static Problem invalid(String detail, List<ConfigProblem> errors) {
        return new Problem(HttpResponseStatus.UNPROCESSABLE_ENTITY, detail, errors);
    }

    public HttpResponseStatus status() {
        return status;
    }

    public Body body() {
        return new Body(status.reasonPhrase(), status.code(), String.valueOf(getMessage()), errors);
    }
}
