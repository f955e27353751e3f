package dev.cgnat.bench;

import static dev.cgnat.bench.Laboratory.pairs;

import dev.cgnat.bench.load.HoldTime;
import dev.cgnat.bench.load.LoadCounts;
import dev.cgnat.bench.load.LoadDriver;
import dev.cgnat.bench.load.LoadPlan;
import dev.cgnat.bench.report.DemoReport;
import dev.cgnat.bench.report.DemoReport.Phase;
import dev.cgnat.bench.report.Numbers;
import dev.cgnat.core.NatSnapshot.PoolSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The story of a pool that runs dry, in six phases, each with a prediction that is checked.
 *
 * <p>With P ports and a hold-down of H: P flows to one destination fill it, more are refused as exhausted, P flows to a
 * second destination find the same ports free, a close frees nothing for H, and for ever after P ÷ H flows a second are all
 * that it gives.
 */
final class Demo {
    private static final double FILL_SECONDS = 7;
    private static final double DRY_SECONDS = 2.5;
    /** The hold-down must outlast the phase in which closed ports rest. */
    private static final double RESTING_SHARE = 0.5;

    /** In multiples of the ceiling. The later is faster, so no port waits for a request once it is free. */
    private static final double BACK_RATE = 2;

    private static final double CHURN_RATE = 4;
    /** How long the churn lasts, in hold-downs: more than one, so that every port comes back. */
    private static final double CHURN_HOLDS = 1.2;

    private static final double RATIO_TOLERANCE = 0.05;

    private final Laboratory laboratory;
    private final DemoScreen screen;
    private final Duration holdDown;
    private final List<Phase> phases = new ArrayList<>();
    private int peakInUse;
    private int peakSessions;

    /** @param holdDown of flows that the client closes, as the laboratory's pool has it; more than 0 */
    Demo(Laboratory laboratory, DemoScreen screen, Duration holdDown) {
        this.laboratory = laboratory;
        this.screen = screen;
        this.holdDown = holdDown;
    }

    /** What a phase should come to. */
    private record Expectation(String text, Supplier<Optional<String>> difference) {}

    DemoReport run(String profile, List<String> notes) {
        long began = System.nanoTime();
        int tries = usable(laboratory.pool());
        double fillRate = tries / FILL_SECONDS;
        int ports;
        try (LoadDriver first = laboratory.drive(holding(0, fillRate, tries))) {
            fill(first, tries);
            ports = usable(laboratory.pool()); // those that sockets of others keep are known by now
            dry(ports, fillRate);
            try (LoadDriver second = laboratory.drive(holding(1, ports / DRY_SECONDS, ports + ports / 10))) {
                reuse(second, ports);
                rest(List.of(first, second), ports, fillRate);
            }
        }
        long sinceNanos = System.nanoTime();
        back(ports);
        Recurrence recurrence = churn(ports, sinceNanos);
        PoolSnapshot end = laboratory.pool();
        List<String> allNotes = new ArrayList<>(notes);
        if (pairs(end).reserved() > 0) {
            allNotes.add(pairs(end).reserved() + " ports of the pool are kept by sockets of others");
        }
        return new DemoReport(
                1,
                profile,
                pairs(end).capacity(),
                pairs(end).reserved(),
                laboratory.subscribers(),
                flows(end),
                peakInUse,
                peakSessions,
                Refusals.of(end),
                Numbers.rate(recurrence.predicted()),
                Numbers.rate(recurrence.measured().orElse(0)),
                Numbers.decimals((System.nanoTime() - began) / 1e9, 1),
                phases.stream().allMatch(Phase::asExpected),
                phases,
                allNotes);
    }

    private LoadPlan holding(int target, double perSecond, int connections) {
        return LoadPlan.holding(laboratory.target(target), laboratory.via(), perSecond, Math.max(1, connections));
    }

    private void fill(LoadDriver driver, int tries) {
        Scene scene = new Scene("fill");
        screen.phase("1/6 fill: clients open flows to one destination and keep them");
        driver.settled().join();
        scene.end(
                driver.counts(),
                "clients open flows to one destination and keep them",
                "every flow to one destination needs an external port of its own",
                new Expectation("every port granted but those that sockets of others keep", () -> {
                    int ports = usable(scene.after);
                    return scene.differs(ports, exhausted(tries - ports), ports, ports);
                }));
    }

    private void dry(int ports, double perSecond) {
        Scene scene = new Scene("dry");
        screen.phase("2/6 dry: more flows to the same destination");
        int tries = (int) Math.round(perSecond * DRY_SECONDS);
        try (LoadDriver driver = laboratory.drive(holding(0, perSecond, tries))) {
            driver.settled().join();
            scene.end(
                    driver.counts(),
                    "more flows to the same destination",
                    "each port is taken by a live flow to that destination, so waiting for a hold-down would not help",
                    new Expectation(
                            "all refused as exhausted", () -> scene.differs(0, exhausted(tries), ports, ports)));
        }
    }

    private void reuse(LoadDriver driver, int ports) {
        Scene scene = new Scene("reuse");
        screen.phase("3/6 reuse: flows to a second destination");
        driver.settled().join();
        int over = ports / 10;
        scene.end(
                driver.counts(),
                "flows to a second destination, a tenth more than there are ports",
                "with reuse scope four-tuple a port serves one flow for each destination, so the same ports carry twice the"
                        + " flows",
                new Expectation(
                        ports + " granted through the same ports, " + over + " refused as exhausted",
                        () -> scene.differs(ports, exhausted(over), ports, 2 * ports)));
    }

    private void rest(List<LoadDriver> drivers, int ports, double perSecond) {
        screen.phase("4/6 rest: the clients close all flows, and others ask for new ones");
        drivers.forEach(LoadDriver::closeFlows);
        laboratory.await(pool -> pool.sessions() == 0, holdDown.toNanos() / 2);
        Scene scene = new Scene("rest");
        int tries = (int) Math.max(1, Math.round(perSecond * seconds(holdDown) * RESTING_SHARE));
        try (LoadDriver driver = laboratory.drive(holding(0, perSecond, tries))) {
            driver.settled().join();
            scene.end(
                    driver.counts(),
                    "the clients close all flows, and others ask for new ones",
                    "who closes first leaves the port in TIME_WAIT; here it rests for " + seconds(holdDown)
                            + " s, so that late segments of the old flow meet no new one",
                    new Expectation(
                            "all refused as held",
                            () -> scene.differs(0, Map.of("held", (long) tries), 0, 0)
                                    .or(() -> scene.heldDiffers(ports))));
        }
    }

    private void back(int ports) {
        screen.phase("5/6 back: once the hold-down is over, each request opens a new flow");
        laboratory.await(
                pool -> pairs(pool).inUse() + pairs(pool).held() == 0,
                holdDown.multipliedBy(2).toNanos());
        Scene scene = new Scene("back");
        try (LoadDriver driver = laboratory.drive(requests(ports / seconds(holdDown) * BACK_RATE, ports))) {
            driver.settled().join();
            driver.closeFlows();
            laboratory.await(pool -> pool.sessions() == 0, holdDown.toNanos() / 2);
            scene.end(
                    driver.counts(),
                    "once the hold-down is over, each request opens a new flow and closes it",
                    "a request needs its port for milliseconds and keeps it from others for " + seconds(holdDown)
                            + " s more",
                    new Expectation(
                            ports + " granted, each with another port; then the pool is dry again though nothing lives",
                            () -> scene.differs(ports, Map.of(), 0, 0).or(() -> scene.heldDiffers(ports))));
        }
    }

    private Recurrence churn(int ports, long sinceNanos) {
        screen.phase("6/6 churn: the same at " + (int) CHURN_RATE + " times the ceiling");
        Scene scene = new Scene("churn");
        double perSecond = ports / seconds(holdDown) * CHURN_RATE;
        int tries = (int) Math.round(perSecond * seconds(holdDown) * CHURN_HOLDS);
        try (LoadDriver driver = laboratory.drive(requests(perSecond, tries))) {
            driver.settled().join();
            driver.closeFlows();
            laboratory.await(pool -> pool.sessions() == 0, holdDown.toNanos() / 2);
            Recurrence recurrence = Recurrence.of(laboratory.seen(laboratory.target(0), sinceNanos), ports, holdDown);
            scene.end(
                    driver.counts(),
                    "the same at " + (int) CHURN_RATE + " times the ceiling",
                    String.format(
                            Locale.ROOT,
                            "a port comes back every %.2f s (flow + hold-down), so %d ports give %s and no more",
                            recurrence.gaps().meanSeconds().orElse(0),
                            ports,
                            Numbers.perSecond(recurrence.measured().orElse(0))),
                    new Expectation(
                            "each port granted again once its hold-down is over, at the rate of the rule within 5 %",
                            () -> scene.churnDiffers(recurrence)));
            return recurrence;
        }
    }

    private LoadPlan requests(double perSecond, int connections) {
        return holding(0, perSecond, connections).withHold(new HoldTime.Constant(Duration.ZERO));
    }

    /** A grant that met a foreign socket was given up, and became no flow. */
    private static long flows(PoolSnapshot pool) {
        return pool.granted() - pool.setAside();
    }

    private static int usable(PoolSnapshot pool) {
        return pairs(pool).capacity() - pairs(pool).reserved();
    }

    private static Map<String, Long> exhausted(int count) {
        return count == 0 ? Map.of() : Map.of("exhausted", (long) count);
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    /** One phase, measured by the difference of two snapshots. */
    private final class Scene {
        private final String name;
        private final long began = System.nanoTime();
        private final PoolSnapshot before = laboratory.pool();
        private PoolSnapshot after = before;
        private Map<String, Long> refused = Map.of();
        private Optional<LoadCounts> clients = Optional.empty();

        Scene(String name) {
            this.name = name;
        }

        void end(LoadCounts counts, String what, String why, Expectation expectation) {
            after = laboratory.pool();
            refused = Refusals.between(Refusals.of(before), Refusals.of(after));
            clients = Optional.of(counts);
            peakInUse = Math.max(peakInUse, pairs(after).inUse());
            peakSessions = Math.max(peakSessions, after.sessions());
            Optional<String> different = clientsDiffer().or(expectation.difference());
            phases.add(new Phase(
                    name,
                    what,
                    why,
                    Numbers.decimals((System.nanoTime() - began) / 1e9, 1),
                    counts.attempted(),
                    granted(),
                    refused,
                    pairs(after).inUse(),
                    pairs(after).held(),
                    after.sessions(),
                    expectation.text(),
                    different.isEmpty(),
                    different));
        }

        private long granted() {
            return flows(after) - flows(before);
        }

        /** The clients must have been told what the proxy counted. */
        private Optional<String> clientsDiffer() {
            LoadCounts counts = clients.orElseThrow();
            long refusals = refused.values().stream().mapToLong(Long::longValue).sum();
            boolean same = counts.established() == granted()
                    && counts.refusedTotal() == refusals
                    && counts.failedTotal() + counts.ownTotal() + counts.brokenTotal() == 0
                    && counts.echoed() == counts.established();
            return same
                    ? Optional.empty()
                    : Optional.of("the clients counted " + counts.established() + " established, " + counts.echoed()
                            + " echoed, refused " + counts.refused() + ", failed " + counts.failed() + ", broken "
                            + counts.broken() + ", own shortage " + counts.own());
        }

        Optional<String> differs(long granted, Map<String, Long> refusals, int inUse, int sessions) {
            boolean same = granted() == granted
                    && refused.equals(refusals)
                    && pairs(after).inUse() == inUse
                    && after.sessions() == sessions;
            return same
                    ? Optional.empty()
                    : Optional.of(granted() + " granted, refused " + refused + ", "
                            + pairs(after).inUse() + " in use, " + after.sessions() + " flows");
        }

        Optional<String> heldDiffers(int ports) {
            return pairs(after).held() == ports
                    ? Optional.empty()
                    : Optional.of(pairs(after).held() + " held");
        }

        Optional<String> churnDiffers(Recurrence recurrence) {
            boolean same = recurrence.isHoldDownKept() && Math.abs(recurrence.ratio() - 1) <= RATIO_TOLERANCE;
            return same
                    ? Optional.empty()
                    : Optional.of(String.format(
                            Locale.ROOT,
                            "rate %.3f of the rule's, least time between two grants of a port %.3f s",
                            recurrence.ratio(),
                            recurrence.gaps().leastSeconds().orElse(0)));
        }
    }
}
