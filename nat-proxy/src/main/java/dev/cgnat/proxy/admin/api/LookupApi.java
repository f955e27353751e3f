package dev.cgnat.proxy.admin.api;

import dev.cgnat.core.NatViews.EndpointUse;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.proxy.admin.http.Answer;
import dev.cgnat.proxy.admin.http.ApiRoutes;
import dev.cgnat.proxy.admin.http.Call;
import dev.cgnat.proxy.admin.http.Problem;
import dev.cgnat.proxy.control.DrainScope;
import dev.cgnat.proxy.control.Drains;
import dev.cgnat.proxy.egress.NatGate;
import dev.cgnat.proxy.log.Attribution.Holder;
import dev.cgnat.proxy.log.PastHolders;
import dev.cgnat.proxy.session.Sessions;
import inet.ipaddr.HostName;
import inet.ipaddr.HostNameException;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** {@code /lookup}: whose external endpoint that is, or was. */
public final class LookupApi implements ApiRoutes.Group {
    private final NatGate gate;
    private final Sessions sessions;
    private final Drains drains;
    private final PastHolders past;

    public LookupApi(NatGate gate, Sessions sessions, Drains drains, PastHolders past) {
        this.gate = gate;
        this.sessions = sessions;
        this.drains = drains;
        this.past = past;
    }

    @Override
    public void addTo(ApiRoutes routes) {
        routes.get("/lookup", call -> Answer.ok(lookup(call)));
    }

    private Map<String, Object> lookup(Call call) {
        call.allowing("external", "at");
        Endpoint external = call.query("external", LookupApi::endpoint)
                .orElseThrow(() -> Problem.badRequest("external: missing (expected: IP:PORT)"));
        Optional<Instant> at = call.query("at", LookupApi::time);
        return at.isPresent() ? past(external, at.get()) : now(external);
    }

    private Map<String, Object> now(Endpoint external) {
        EndpointUse use = gate.view(views -> views.endpoint(external));
        List<DrainScope> drained = drains.scopes();
        List<SessionView> found = new ArrayList<>();
        sessions.ascend(0, session -> {
            if (session.binding().external().equals(external)) {
                found.add(SessionView.of(session, drained));
            }
            return found.size() < Listing.MOST;
        });
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("external", external.toString());
        use.pool().ifPresent(pool -> keys.put("pool", pool));
        keys.put("state", use.state().name().toLowerCase(Locale.ROOT));
        keys.put("sessions", found);
        use.block()
                .ifPresent(block -> keys.put(
                        "block",
                        Map.of(
                                "ports", block.block().ports().toString(),
                                "subscriber", block.block().subscriber().name())));
        return keys;
    }

    private Map<String, Object> past(Endpoint external, Instant at) {
        if (!past.canTell(external)) {
            throw Problem.of(
                    HttpResponseStatus.NOT_IMPLEMENTED,
                    "at: there is no translation log (expected: translation-log.sink: file, or no at)");
        }
        PastHolders.Answer answer = pastHolders(external, at);
        List<Map<String, Object>> records = new ArrayList<>();
        for (Holder holder : answer.holders()) {
            Map<String, Object> keys = new LinkedHashMap<>();
            keys.put("subscriber", holder.subscriber().name());
            holder.internal().ifPresent(internal -> keys.put("internal", internal.toString()));
            holder.destination().ifPresent(destination -> keys.put("destination", destination.toString()));
            if (!holder.from().equals(Instant.EPOCH)) { // by formula it was ever so
                keys.put("from", holder.from().toString());
            }
            holder.until().ifPresent(until -> keys.put("until", until.toString()));
            keys.put("source", answer.source());
            records.add(keys);
        }
        return Map.of("external", external.toString(), "at", at.toString(), "records", records);
    }

    /** What is still in the log's queue is not found yet. */
    private PastHolders.Answer pastHolders(Endpoint external, Instant at) {
        try {
            return past.find(external, Optional.empty(), at, Duration.ZERO);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Instant time(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("(expected: a time such as 2026-01-31T12:00:00Z)", e);
        }
    }

    /** {@code 127.0.1.2:40001} or {@code [2001:db8::1]:40001}. */
    static Endpoint endpoint(String text) {
        String expected = "(expected: IP:PORT)";
        try {
            HostName host = new HostName(text);
            host.validate();
            if (host.isAddress() && host.getPort() != null) {
                return new Endpoint(IpAddress.from(host.asAddress().toInetAddress()), host.getPort());
            }
        } catch (HostNameException e) {
            throw new IllegalArgumentException(expected, e);
        }
        throw new IllegalArgumentException(expected);
    }
}
