package dev.cgnat.bench.report;

import dev.cgnat.bench.report.RunReport.Capacity;
import dev.cgnat.bench.report.RunReport.Sample;
import dev.cgnat.bench.report.RunReport.Totals;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToIntFunction;

/** A {@link LoadReport} in the shape that all commands share. */
final class LoadRun {
    private LoadRun() {}

    static RunReport of(LoadReport load) {
        LoadReport.Parameters asked = load.parameters();
        return new RunReport(
                RunReport.SCHEMA_VERSION,
                load.command(),
                Numbers.perSecond(asked.ratePerSecond()) + " " + asked.arrival() + " to "
                        + String.join(", ", asked.targets()) + " by " + asked.via(),
                parameters(asked),
                OptionalLong.of(asked.seed()),
                load.versions(),
                load.interrupted(),
                load.elapsedSeconds(),
                load.poolPorts().isPresent()
                        ? new Capacity(load.poolPorts().getAsInt(), 0, OptionalDouble.empty())
                        : Capacity.unknown(),
                new Totals(
                        load.flows().attempted(),
                        load.flows().established(),
                        load.proxyRefused().orElse(load.refused()),
                        0,
                        0,
                        most(load.samples(), Sample::inUse),
                        most(load.samples(), Sample::held),
                        load.flows().peakLive(),
                        load.firstRefusalSeconds()),
                load.samples(),
                Optional.empty(),
                List.of(),
                List.of(),
                List.of(),
                Optional.of(load.latencyMs().connect()),
                notes(load),
                load.thresholds());
    }

    private static int most(List<Sample> samples, ToIntFunction<Sample> count) {
        return samples.stream().mapToInt(count).max().orElse(0);
    }

    private static SortedMap<String, String> parameters(LoadReport.Parameters asked) {
        SortedMap<String, String> texts = new TreeMap<>();
        texts.put("target", String.join(", ", asked.targets()));
        texts.put("via", asked.via());
        texts.put("rate", plain(asked.ratePerSecond()) + "/s");
        texts.put("arrival", asked.arrival());
        texts.put("duration", plain(asked.durationSeconds()) + "s");
        texts.put("hold", asked.hold());
        texts.put("close", asked.close());
        texts.put("payload", Integer.toString(asked.payload()));
        texts.put("subscribers", Integer.toString(asked.subscribers()));
        return texts;
    }

    private static String plain(double value) {
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }

    private static List<String> notes(LoadReport load) {
        List<String> notes = new ArrayList<>();
        notes.add("seen by the clients: granted are flows that were established; sessions are theirs");
        if (load.proxyRefused().isPresent()) {
            notes.add(
                    "refusals by reason and the states of ports are the proxy's own, over all its pools and whoever caused"
                            + " them, peaks of ports those of the samples; the clients were told: "
                            + Numbers.reasons(load.refused()));
        }
        add(notes, "neither established nor refused", load.failed());
        add(notes, "established, and ended by another", load.broken());
        add(notes, "never begun, for the driver's own shortage", load.own());
        return notes;
    }

    private static void add(List<String> notes, String what, Map<String, Long> counts) {
        if (!counts.isEmpty()) {
            notes.add(what + ": " + Numbers.reasons(counts));
        }
    }
}
