package dev.cgnat.proxy.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.cgnat.core.DryRun;
import dev.cgnat.core.FlowRequest;
import dev.cgnat.core.Outcome.Refused;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.address.Subscriber;
import dev.cgnat.core.config.ClientClass;
import dev.cgnat.core.config.Mapping;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.proxy.admin.http.ApiRoutes;
import dev.cgnat.proxy.admin.http.Problem;
import dev.cgnat.proxy.config.ListenerConfig;
import dev.cgnat.proxy.config.LiveConfig;
import dev.cgnat.proxy.config.ProxyConfig;
import dev.cgnat.proxy.diagnose.Diagnosis;
import dev.cgnat.proxy.diagnose.Finding;
import inet.ipaddr.HostName;
import inet.ipaddr.HostNameException;
import inet.ipaddr.IPAddress;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code POST /api/v1/explain} and {@code GET /api/v1/diagnose}, as far as they are no matter of HTTP. Neither changes
 * anything.
 *
 * <p><b>Ownership</b>: any thread.
 */
public final class DiagnoseApi implements ApiRoutes.Group {
    /** Of a question: far more than names and addresses take, and little enough to be told what is wrong with it. */
    private static final int MOST_BYTES = 4_096;

    private static final String JSON = "application/json";
    private static final IpAddress NOBODY = IpAddress.ofIpv4(0, 0, 0, 0);

    private final JsonMapper json = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();
    private final LiveConfig live;
    private final Function<FlowRequest, DryRun> explain;
    private final LongSupplier nowNanos;
    private final Supplier<List<Diagnosis>> diagnose;

    /**
     * @param explain a dry run; throws {@link IllegalArgumentException} for a flow that the pool does not allow
     * @param nowNanos the clock of what {@code explain} returns
     */
    public DiagnoseApi(
            LiveConfig live,
            Function<FlowRequest, DryRun> explain,
            LongSupplier nowNanos,
            Supplier<List<Diagnosis>> diagnose) {
        this.live = live;
        this.explain = explain;
        this.nowNanos = nowNanos;
        this.diagnose = diagnose;
    }

    @Override
    public void addTo(ApiRoutes routes) {
        routes.get("/diagnose", call -> sent(diagnose(call.allowing("pool").query("pool"))))
                .post("/explain", call -> {
                    if (!call.header("Content-Type")
                            .startsWith(JSON)) { // which a page of another host cannot send unasked
                        throw Problem.of(
                                HttpResponseStatus.UNSUPPORTED_MEDIA_TYPE,
                                call.header("Content-Type") + " (expected: " + JSON + ")");
                    }
                    return sent(explain(call.body().getBytes(StandardCharsets.UTF_8)));
                });
    }

    private dev.cgnat.proxy.admin.http.Answer sent(Answer answer) {
        if (answer.isProblem()) {
            throw Problem.of(answer.status(), answer.body());
        }
        return dev.cgnat.proxy.admin.http.Answer.ok(json.readTree(answer.body()));
    }

    /** What to send: a JSON body, or why not. */
    record Answer(HttpResponseStatus status, String body) {
        static Answer problem(HttpResponseStatus status, String detail) {
            return new Answer(status, detail);
        }

        boolean isProblem() {
            return status.code() >= HttpResponseStatus.BAD_REQUEST.code();
        }
    }

    /**
     * What a caller asks for.
     *
     * @param listener through which the flow would come, which decides on pool, mapping and client class
     * @param pool the first one if neither this nor {@code listener} is given
     * @param subscriber whom the limits count, as {@code GET /metrics} never tells and {@code top} does
     * @param internal the client's endpoint, port 0 if it does not matter; by default the subscriber, if that is an address
     */
    private record Question(
            @Nullable String listener,
            @Nullable String pool,
            @Nullable String subscriber,
            @Nullable String internal,
            @Nullable String destination) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Explained(
            String pool,
            String verdict,
            @Nullable String reason,
            @Nullable Double retryAfterSeconds,
            @Nullable String remedy,
            List<String> steps) {}

    private record Ailment(
            String verdict, String summary, Map<String, Number> evidence, String remedy, List<String> next) {}

    private record PoolAilments(String pool, double windowSeconds, List<Ailment> findings) {}

    private record Ailments(List<PoolAilments> pools) {}

    /** @param body JSON of a {@link Question} */
    Answer explain(byte[] body) {
        if (body.length > MOST_BYTES) {
            return Answer.problem(
                    HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE,
                    "body: " + body.length + " bytes (expected: at most " + MOST_BYTES + " bytes)");
        }
        try {
            FlowRequest request = request(json.readValue(body, Question.class));
            return new Answer(HttpResponseStatus.OK, json.writeValueAsString(explained(request)));
        } catch (JacksonException e) {
            return Answer.problem(HttpResponseStatus.BAD_REQUEST, "body: " + e.getOriginalMessage());
        } catch (IllegalArgumentException e) {
            return Answer.problem(HttpResponseStatus.BAD_REQUEST, String.valueOf(e.getMessage()));
        }
    }

    /** @param pool that alone */
    Answer diagnose(Optional<String> pool) {
        List<PoolAilments> ailments = diagnose.get().stream()
                .filter(diagnosis -> pool.isEmpty() || diagnosis.pool().equals(pool.get()))
                .map(diagnosis -> new PoolAilments(
                        diagnosis.pool(),
                        diagnosis.window().toMillis() / 1e3,
                        diagnosis.findings().stream().map(DiagnoseApi::ailment).toList()))
                .toList();
        return ailments.isEmpty()
                ? Answer.problem(HttpResponseStatus.NOT_FOUND, "pool: " + pool.orElse("") + " (expected: a pool)")
                : new Answer(HttpResponseStatus.OK, json.writeValueAsString(new Ailments(ailments)));
    }

    private static Ailment ailment(Finding finding) {
        return new Ailment(
                finding.verdict().label(),
                finding.summary(),
                finding.evidence(),
                finding.verdict().remedy(),
                finding.next());
    }

    private Explained explained(FlowRequest request) {
        DryRun dryRun = explain.apply(request);
        String remedy = dryRun.why().text();
        return new Explained(
                request.pool(),
                dryRun.verdict().name().toLowerCase(Locale.ROOT),
                dryRun.reason().map(reason -> reason.label()).orElse(null),
                dryRun.notBeforeNanos() == Refused.NEVER
                        ? null
                        : Math.max(0, dryRun.notBeforeNanos() - nowNanos.getAsLong()) / 1e9,
                remedy.isEmpty() ? null : remedy,
                dryRun.steps().stream().map(DryRun.Step::text).toList());
    }

    private FlowRequest request(Question question) {
        ProxyConfig config = live.get();
        Optional<ListenerConfig> listener =
                Optional.ofNullable(question.listener).map(name -> listener(config, name));
        String pool = listener.map(ListenerConfig::pool)
                .or(() -> Optional.ofNullable(question.pool))
                .orElseGet(() -> config.nat().pools().get(0).name());
        if (config.nat().pools().stream().map(PoolConfig::name).noneMatch(pool::equals)) {
            throw new IllegalArgumentException("pool: " + pool + " (expected: a pool of the configuration)");
        }
        if (question.subscriber == null || question.subscriber.isBlank()) {
            throw new IllegalArgumentException("subscriber: missing (expected: whom the limits count)");
        }
        if (question.destination == null) {
            throw new IllegalArgumentException("destination: missing (expected: address:port)");
        }
        Endpoint internal = question.internal == null
                ? new Endpoint(addressOf(question.subscriber).orElse(NOBODY), 0)
                : endpoint("internal", question.internal);
        Optional<Mapping> mapping = listener.flatMap(ListenerConfig::mapping);
        return new FlowRequest(
                pool,
                new Subscriber(question.subscriber),
                Protocol.TCP,
                internal,
                endpoint("destination", question.destination),
                mapping,
                listener.map(ListenerConfig::clientClass).orElse(ClientClass.SCALABLE));
    }

    private static ListenerConfig listener(ProxyConfig config, String name) {
        return config.listeners().stream()
                .filter(listener -> listener.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "listener: " + name + " (expected: a listener of the configuration)"));
    }

    private static Optional<IpAddress> addressOf(String text) {
        IPAddress address = new HostName(text).asAddress();
        return address == null ? Optional.empty() : Optional.of(IpAddress.from(address.toInetAddress()));
    }

    private static Endpoint endpoint(String key, String text) {
        try {
            HostName name = new HostName(text);
            name.validate();
            IPAddress address = name.asAddress();
            if (address != null && name.getPort() != null) {
                return new Endpoint(IpAddress.from(address.toInetAddress()), name.getPort());
            }
        } catch (HostNameException e) {
            throw new IllegalArgumentException(key + ": " + text + " (expected: address:port)", e);
        }
        throw new IllegalArgumentException(key + ": " + text + " (expected: address:port)");
    }
}
