package dev.cgnat.bench.report;

import dev.cgnat.bench.load.LatencySummary;
import dev.cgnat.bench.report.RunReport.Behaviour;
import dev.cgnat.bench.report.RunReport.Sample;
import dev.cgnat.bench.report.RunReport.Use;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;

/**
 * A report as long and as lively as real ones: a pool that a rush of flows drives dry and that recovers. Flows live a few
 * seconds, ports then rest a minute; all counts come from following them.
 */
final class Evening {
    static final int PORTS = 2_000;
    static final int SECONDS = 600;
    private static final int REST = 60;
    private static final int RESERVED = 24;
    private static final double QUIET = 14;
    private static final double RUSH = 34;

    private final Random random = new Random(7);
    private final int[] ends = new int[SECONDS + 100];
    private final Deque<Integer> rests = new ArrayDeque<>();
    private final List<Sample> samples = new ArrayList<>();
    private final TreeMap<String, Long> refused = new TreeMap<>();
    private int live;
    private int held;
    private int peakLive;
    private int peakHeld;
    private int first = -1;
    private long granted;
    private long offered;

    private Evening() {}

    /** The same report each time. */
    static RunReport report() {
        return new Evening().run();
    }

    private RunReport run() {
        for (int second = 0; second <= SECONDS; second++) {
            samples.add(second(second));
        }
        long refusals = refused.values().stream().mapToLong(Long::longValue).sum();
        return new RunReport(
                RunReport.SCHEMA_VERSION,
                "sim",
                "evening rush, 400 subscribers through a pool of 2,000 ports",
                new TreeMap<>(Map.of(
                        "workload", "evening.yaml", "until", "10m", "profile", "linux-default", "hold-down", "60s")),
                OptionalLong.of(7),
                new TreeMap<>(Map.of("cgnat", "0.1.0-SNAPSHOT (1a2b3c4)")),
                false,
                SECONDS,
                new RunReport.Capacity(PORTS, PORTS - RESERVED, OptionalDouble.of((PORTS - RESERVED) / (double) REST)),
                new RunReport.Totals(
                        offered, granted, refused, 1_204, 0, peakLive, peakHeld, peakLive, OptionalDouble.of(first)),
                samples,
                Optional.of(new RunReport.Subscribers(
                        400,
                        new RunReport.Distribution(
                                9,
                                24,
                                61,
                                117,
                                131,
                                13.4,
                                List.of(1L, 2L, 4L, 8L, 16L, 32L, 64L, 128L, 256L, 512L),
                                List.of(0L, 12L, 61L, 117L, 128L, 54L, 24L, 3L, 1L, 0L)),
                        88,
                        0.931)),
                List.of(
                        new Behaviour(
                                "web browsing",
                                300,
                                offered / 2,
                                offered / 2 - refusals / 4,
                                refusals / 4,
                                0.953,
                                0.984),
                        new Behaviour(
                                "torrent", 20, offered / 3, offered / 3 - refusals / 2, refusals / 2, 0.871, 0.902),
                        new Behaviour("keep-alive <script>alert(1)</script>", 80, offered / 6, offered / 6, 0, 1, 1)),
                List.of(
                        new Use("198.51.100.1", 998, granted / 2, refusals / 2),
                        new Use("198.51.100.2", 1_000, granted - granted / 2, refusals - refusals / 2)),
                List.of(
                        new Use("203.0.113.10:443", 912, granted / 2, refusals),
                        new Use("203.0.113.77:443", 388, granted / 4, 0),
                        new Use("[2001:db8::17]:8443", 77, granted / 9, 0)),
                Optional.of(new LatencySummary(granted, 0.8, 2.1, 9.7, 41.2, 120.5, 1.4)),
                List.of(
                        "24 ports are kept by sockets of others",
                        "</script><script>alert(1)</script> is text, as is this line separator:\u2028it ends no string"),
                List.of());
    }

    private Sample second(int now) {
        int ended = ends[now];
        live -= ended;
        held += ended;
        for (int i = 0; i < ended; i++) {
            rests.add(now + REST);
        }
        while (!rests.isEmpty() && rests.peek() <= now) {
            rests.remove();
            held--;
        }
        boolean rush = now >= 200 && now < 380;
        double rate = rush ? QUIET + (RUSH - QUIET) * Math.sin(Math.PI * (now - 200) / 180) * 1.6 : QUIET;
        int wishes = now == 0 ? 0 : (int) Math.max(0, Math.round(rate + random.nextGaussian() * Math.sqrt(rate)));
        int refusals = 0;
        int grants = 0;
        for (int i = 0; i < wishes; i++) {
            if (live + held + RESERVED >= PORTS) {
                refusals++;
            } else {
                grants++;
                live++;
                ends[now + 1 + (int) Math.min(90, -12 * Math.log(1 - random.nextDouble()))]++;
            }
        }
        offered += wishes;
        granted += grants;
        TreeMap<String, Long> reasons = new TreeMap<>();
        if (refusals > 0) {
            first = first < 0 ? now : first;
            int gaveUp = refusals / 5;
            reasons.put("held", (long) refusals - gaveUp);
            if (gaveUp > 0) {
                reasons.put("search_gave_up", (long) gaveUp);
            }
            reasons.forEach((reason, count) -> refused.merge(reason, count, Long::sum));
        }
        peakLive = Math.max(peakLive, live);
        peakHeld = Math.max(peakHeld, held);
        double slow = 1 + 4.0 * (live + held) / PORTS;
        return new Sample(
                now,
                live,
                held,
                RESERVED,
                PORTS - RESERVED - live - held,
                live,
                grants,
                reasons,
                Optional.of(new LatencySummary(grants, 0.6 * slow, 1.4 * slow, 4.5 * slow, 9 * slow, 11 * slow, slow)));
    }
}
