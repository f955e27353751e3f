package dev.cgnat.proxy.admin.api;

import dev.cgnat.proxy.admin.events.EventHub;
import dev.cgnat.proxy.admin.events.EventType;
import dev.cgnat.proxy.admin.http.Answer;
import dev.cgnat.proxy.admin.http.ApiRoutes;
import dev.cgnat.proxy.admin.http.Call;
import dev.cgnat.proxy.admin.http.Problem;
import dev.cgnat.proxy.config.ConfigException;
import dev.cgnat.proxy.config.ConfigLoader;
import dev.cgnat.proxy.config.ConfigProblem;
import dev.cgnat.proxy.config.ConfigSource;
import dev.cgnat.proxy.config.EffectiveConfig;
import dev.cgnat.proxy.config.LiveConfig;
import dev.cgnat.proxy.config.LoadedConfig;
import dev.cgnat.proxy.config.ProxyConfig;
import dev.cgnat.proxy.control.Reload;
import dev.cgnat.proxy.metrics.ReloadMeters;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code /config} and {@code /reload}: shows what is in force, and puts something else in force. */
public final class ConfigApi implements ApiRoutes.Group {
    private static final int HASH_BYTES = 8;

    private final LiveConfig live;
    private final Optional<ConfigSource> source;
    private final Reload reload;
    private final ReloadMeters meters;
    private final EventHub hub;
    private volatile Optional<Last> last = Optional.empty();

    /** @param source where the configuration came from; empty if it cannot be read again */
    public ConfigApi(
            LiveConfig live, Optional<ConfigSource> source, Reload reload, ReloadMeters meters, EventHub hub) {
        this.live = live;
        this.source = source;
        this.reload = reload;
        this.meters = meters;
        this.hub = hub;
    }

    private record Last(Instant at, boolean isOk) {}

    @Override
    public void addTo(ApiRoutes routes) {
        routes.get("/config", this::show).put("/config", this::put).post("/reload", this::reload);
    }

    /** What a person should know of it at a glance. */
    Map<String, Object> summary() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("hash", hash(live.get()));
        keys.put("profile", live.get().profile());
        source.ifPresent(from -> keys.put("source", from.label()));
        last.ifPresent(reloaded -> {
            keys.put("lastReloadAt", reloaded.at.toString());
            keys.put("lastReloadOk", reloaded.isOk);
        });
        return keys;
    }

    private Answer show(Call call) {
        call.allowing();
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("hash", hash(live.get()));
        source.ifPresent(from -> keys.put("source", from.label()));
        keys.put("config", EffectiveConfig.of(live.get()));
        return Answer.ok(keys).withHeader("ETag", tag());
    }

    private Answer put(Call call) {
        call.allowing("dryRun").requireMatch(tag());
        Path folder = source.flatMap(ConfigSource::file)
                .map(Path::toAbsolutePath)
                .map(Path::getParent)
                .orElse(Path.of(""));
        try {
            return change(ConfigLoader.inspectText(call.body(), "body", folder), call.truth("dryRun"));
        } catch (ConfigException e) {
            throw invalid(e, call.truth("dryRun"));
        }
    }

    private Answer reload(Call call) {
        call.allowing("dryRun").requireMatch(tag());
        ConfigSource from = source.orElseThrow(() -> Problem.of(
                HttpResponseStatus.CONFLICT, "the proxy was not started from a file (expected: PUT /config)"));
        try {
            return change(from.load(), call.truth("dryRun"));
        } catch (ConfigException e) {
            throw invalid(e, call.truth("dryRun"));
        }
    }

    private Problem invalid(ConfigException e, boolean isDryRun) {
        if (!isDryRun) {
            failed("invalid");
        }
        return Problem.invalid("the configuration has mistakes; nothing was changed", e.problems());
    }

    private Answer change(LoadedConfig wanted, boolean isDryRun) {
        List<Reload.Step> steps = reload.plan(wanted.config());
        boolean needsRestart =
                steps.stream().anyMatch(step -> step.needsRestart().isPresent());
        if (needsRestart || isDryRun) {
            if (needsRestart && !isDryRun) {
                failed("needs a restart");
            }
            return Answer.ok(body(wanted, steps, false))
                    .withStatus(needsRestart && !isDryRun ? HttpResponseStatus.CONFLICT : HttpResponseStatus.OK);
        }
        try {
            reload.apply(wanted.config());
        } catch (IOException e) {
            failed("an address cannot be bound");
            throw Problem.invalid(String.valueOf(e.getMessage()), List.of());
        }
        Instant now = now();
        last = Optional.of(new Last(now, true));
        meters.succeeded(now);
        String hash = hash(live.get());
        hub.publish(
                EventType.CONFIG, () -> Map.of("kind", "changed", "detail", steps.size() + " changes", "hash", hash));
        return Answer.ok(body(wanted, steps, true)).withHeader("ETag", tag());
    }

    private void failed(String why) {
        last = Optional.of(new Last(now(), false));
        meters.failed();
        hub.publish(EventType.CONFIG, () -> Map.of("kind", "refused", "detail", why, "hash", hash(live.get())));
    }

    private Map<String, Object> body(LoadedConfig wanted, List<Reload.Step> steps, boolean isApplied) {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("applied", isApplied);
        keys.put("hash", hash(live.get()));
        keys.put("changes", steps.stream().map(ConfigApi::step).toList());
        keys.put(
                "warnings",
                wanted.warnings().stream().map(ConfigProblem::toString).toList());
        return keys;
    }

    private static Map<String, Object> step(Reload.Step step) {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("path", step.change().path());
        step.change().from().ifPresent(from -> keys.put("from", from));
        step.change().to().ifPresent(to -> keys.put("to", to));
        keys.put("needsRestart", step.needsRestart().isPresent());
        step.needsRestart().ifPresent(why -> keys.put("reason", why));
        return keys;
    }

    private String tag() {
        return '"' + hash(live.get()) + '"';
    }

    /** The same for the same values, whatever was written to get them; secrets are not part of it. */
    private static String hash(ProxyConfig config) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(EffectiveConfig.of(config).toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 (expected: in every Java)", e);
        }
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }
}
