package dev.cgnat.bench.grade;

import dev.cgnat.bench.grade.Selection.Kind;
import dev.cgnat.bench.grade.Selection.Preference;
import dev.cgnat.core.CloseCause;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.config.Mapping;
import dev.cgnat.core.config.ReuseScope;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/**
 * Writes what was found as a configuration of the emulator, for {@code natproxy run -c}. What was not seen is left to the
 * emulator's defaults, and a comment says so.
 */
public final class ProfileWriter {
    private static final IpAddress FIRST = IpAddress.ofIpv4(127, 0, 1, 1);

    private final Findings findings;
    private final StringBuilder comments = new StringBuilder();
    private final Map<String, Object> pool = new LinkedHashMap<>();
    private final Map<String, Object> root = new LinkedHashMap<>();

    private ProfileWriter(Findings findings) {
        this.findings = findings;
    }

    /**
     * The text of the file.
     *
     * @param source what was examined, for the first line
     */
    public static String write(Findings findings, String source) {
        return new ProfileWriter(findings).write(source);
    }

    private String write(String source) {
        comments.append("# What natbench grade found out about ").append(source).append(".\n");
        pool.put("name", "main");
        addresses();
        say("ports", findings.ports().range(), range -> pool.put("ports", range.first() + "-" + range.last()));
        say("reuse-scope", findings.sharing().scope(), scope -> pool.put("reuse-scope", scope.key()));
        say("mapping", findings.sharing().mapping(), this::mapping);
        say("pooling", findings.sharing().pooling(), pooling -> pool.put("pooling", pooling.key()));
        say("port-selection", findings.ports().selection(), this::selection);
        say("blocks", findings.ports().blocks(), this::blocks);
        holdDown();
        say("on-exhaustion", findings.refusals().shape(), this::exhaustion);
        root.put("pools", List.of(pool));
        say("limits.sessions-per-subscriber", findings.refusals().limit(), this::limit);
        say(
                "timeouts.established",
                findings.rests().idle(),
                idle -> root.put("timeouts", Map.of("established", Math.max(1, idle.toMillis()) + "ms")));
        DumpSettings settings =
                DumpSettings.builder().setDefaultFlowStyle(FlowStyle.BLOCK).build();
        return comments + "\n" + new Dump(settings).dumpToString(root);
    }

    private interface Use<T> {
        void of(T value);
    }

    private <T> void say(String key, Finding<T> finding, Use<T> use) {
        comments.append("#   ")
                .append(key)
                .append(": ")
                .append(finding.evidence())
                .append('\n');
        finding.value().ifPresent(use::of);
    }

    /** As many as were seen, but of loopback: the emulator needs addresses that its machine has. */
    private void addresses() {
        List<IpAddress> seen = findings.ports().addresses();
        comments.append("#   addresses: seen ")
                .append(seen.stream().map(IpAddress::toString).collect(Collectors.joining(", ")))
                .append("; as many of loopback in their place\n");
        pool.put("addresses", seen.size() == 1 ? FIRST.toString() : FIRST + "-" + FIRST.plus(seen.size() - 1L));
    }

    private void mapping(Mapping mapping) {
        Optional<ReuseScope> scope = findings.sharing().scope().value();
        boolean goes = switch (mapping) {
            case ENDPOINT_INDEPENDENT ->
                scope.equals(Optional.of(ReuseScope.ADDRESS)) || scope.equals(Optional.of(ReuseScope.HOST));
            case ADDRESS_DEPENDENT -> scope.isPresent() && !scope.equals(Optional.of(ReuseScope.FOUR_TUPLE));
            case ADDRESS_AND_PORT_DEPENDENT -> true;
        };
        if (goes) {
            pool.put("mapping", mapping.key());
        } else {
            comments.append("#     ")
                    .append(mapping.key())
                    .append(", which does not go with that reuse-scope: left out\n");
        }
    }

    private void selection(Selection selection) {
        selection
                .kind()
                .flatMap(ProfileWriter::key)
                .ifPresentOrElse(
                        key -> pool.put("port-selection", key),
                        () -> comments.append("#     none of the emulator's: left at its default\n"));
        if (selection.prefer() != Preference.NONE) {
            pool.put("prefer", selection.prefer() == Preference.PARITY ? "parity" : "same-port");
        }
    }

    private static Optional<String> key(Kind kind) {
        return switch (kind) {
            case UNIFORM, SEQUENTIAL, LEAST_RECENTLY_FREED -> Optional.of(kind.text());
            case SEQUENTIAL_PER_SUBSCRIBER -> Optional.of("rfc6056-4");
            case RANDOM_INCREMENTS -> Optional.of("rfc6056-5");
            case OTHER -> Optional.empty();
        };
    }

    private void blocks(Blocks blocks) {
        if (blocks.size().isPresent()) {
            Map<String, Object> lent = new LinkedHashMap<>();
            lent.put("size", blocks.size().getAsInt());
            blocks.maxPerSubscriber().ifPresent(most -> lent.put("max-per-subscriber", most));
            pool.put("blocks", lent);
        }
    }

    private void holdDown() {
        Map<String, Object> rests = new LinkedHashMap<>();
        for (Map.Entry<CloseCause, Finding<HoldDown>> entry :
                findings.rests().holdDowns().entrySet()) {
            String key = entry.getKey().label().replace('_', '-');
            say("hold-down." + key, entry.getValue(), rest -> rests.put(key, duration(rest.rounded())));
        }
        if (!rests.isEmpty()) {
            pool.put("hold-down", rests);
        }
    }

    private static String duration(Duration duration) {
        return duration.toMillis() % 1_000 == 0 ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
    }

    private void exhaustion(Findings.Shape shape) {
        pool.put(
                "on-exhaustion",
                switch (shape.kind()) {
                    case REPLY -> "refuse";
                    case SILENCE -> "blackhole";
                    case RESET, CLOSED, UNREACHABLE -> "reset";
                });
    }

    private void limit(long flows) {
        boolean isOfBlocks = findings.ports()
                .blocks()
                .value()
                .filter(blocks -> blocks.maxPerSubscriber().isPresent())
                .isPresent();
        if (!isOfBlocks) {
            root.put("limits", Map.of("sessions-per-subscriber", flows));
        }
    }
}
