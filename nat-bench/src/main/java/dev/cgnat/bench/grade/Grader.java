package dev.cgnat.bench.grade;

import dev.cgnat.bench.grade.FillProbe.Fill;
import dev.cgnat.bench.grade.Selection.Kind;
import dev.cgnat.core.CloseCause;
import dev.cgnat.core.address.PortRange;
import dev.cgnat.core.config.Mapping;
import dev.cgnat.core.config.Pooling;
import dev.cgnat.core.config.ReuseScope;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Examines a NAT: the order of the probes is such that each finds what the ones before left it. What is told by an empty pool
 * comes first, then the pool is run dry, then collisions are forced, and only the last closes flows.
 *
 * <p>One thread calls {@link #run}; {@link #stop} may be called by another.
 */
public final class Grader implements AutoCloseable {
    private final Range range;
    private final Consumer<String> progress;

    private Grader(Range range, Consumer<String> progress) {
        this.range = range;
        this.progress = progress;
    }

    /**
     * Starts clients and sinks.
     *
     * @param progress hears what is being asked
     */
    public static Grader open(GradePlan plan, Consumer<String> progress) throws IOException {
        return new Grader(Range.open(plan), progress);
    }

    /** Asks all questions; takes no longer than the plan's time and patience. Once. */
    public Findings run() throws IOException {
        Ledger ledger = range.ledger();
        progress.accept("mapping");
        Finding<Mapping> mapping = new MappingProbe(range).run();
        int before = toMain().size();
        progress.accept("selection and pooling");
        Optional<String> failure = new SurveyProbe(range).run();
        if (ledger.granted().isEmpty() && failure.isPresent()) {
            throw new IOException(failure.get());
        }
        List<Flow> surveyed = toMain();
        surveyed = surveyed.subList(before, surveyed.size());
        progress.accept("running the pool dry");
        Fill fill = new FillProbe(range).run();
        Finding<Long> limit = LimitAnalysis.of(ledger);
        List<Flow> all = toMain();
        OptionalLong most = limit.value().map(OptionalLong::of).orElse(OptionalLong.empty());
        Finding<Blocks> blocks = BlockAnalysis.of(surveyed, all, most);
        OptionalInt blockSize = blocks.value().map(Blocks::size).orElse(OptionalInt.empty());
        int addresses = ledger.addresses().size();
        // the extremes first, as steps are taken around the range; then with the selection known, what they are worth
        PortRange seen = PortRangeEstimate.of(ledger.ports(), true, addresses, false)
                .value()
                .orElseThrow(() -> new IOException("no flow was granted: " + refused(ledger)));
        Finding<Selection> selection = SelectionAnalysis.of(all, seen, blockSize);
        boolean sampled = blocks.value().isEmpty()
                && selection.value().flatMap(Selection::kind).equals(Optional.of(Kind.UNIFORM));
        Finding<PortRange> ports = PortRangeEstimate.of(ledger.ports(), fill.isDry(), addresses, sampled);
        Finding<Pooling> pooling = PoolingAnalysis.of(surveyed, addresses);
        progress.accept("reuse scope");
        double slots = fill.isDry() || sampled
                ? (double) addresses * ports.value().orElse(seen).size()
                : Double.POSITIVE_INFINITY;
        Finding<ReuseScope> scope = new ScopeProbe(range, slots, fill.isDry()).run();
        Finding<Boolean> existing = existing(fill);
        Finding<Findings.Shape> shape = shape(ledger);
        progress.accept("hold-down");
        Map<CloseCause, Finding<HoldDown>> rests = new HoldDownProbe(
                        range, scope.value().equals(Optional.of(ReuseScope.HOST)))
                .run(fill.isDry(), fill.bound().orElse(""));
        selection = freedInOrder(selection, rests);
        Finding<Duration> idle = idle();
        return new Findings(
                new Findings.Ports(List.copyOf(ledger.addresses()), ledger.endpoints(), ports, selection, blocks),
                new Findings.Sharing(
                        scope, mapping, pooling, steady(pooling, PoolingAnalysis.of(all, addresses), fill)),
                new Findings.Rests(rests, idle),
                new Findings.Refusals(limit, shape, existing),
                new Findings.Effort(
                        range.budget().spent(),
                        ledger.granted().size(),
                        ledger.refusals().size(),
                        range.budget().elapsedNanos(),
                        range.budget().isStopped()));
    }

    /** Ends the run soon; what is known by then is told. */
    public void stop() {
        range.budget().stop();
    }

    private List<Flow> toMain() {
        return range.ledger().draws().stream()
                .filter(flow -> flow.intent().destination() == Destination.MAIN)
                .toList();
    }

    private static String refused(Ledger ledger) {
        return ledger.refusals().isEmpty()
                ? "none was tried"
                : ledger.refusals().get(0).refused().text();
    }

    /** Never-used ports in their order look sequential until the first come back. */
    private Finding<Selection> freedInOrder(Finding<Selection> selection, Map<CloseCause, Finding<HoldDown>> rests) {
        if (!selection.value().flatMap(Selection::kind).equals(Optional.of(Kind.SEQUENTIAL))) {
            return selection;
        }
        progress.accept("order of freed ports");
        Finding<Boolean> queues = new OrderProbe(range).run(rests);
        Selection seen = selection.value().orElseThrow();
        return Finding.of(
                queues.value().orElse(false) ? seen.withKind(Kind.LEAST_RECENTLY_FREED) : seen,
                selection.evidence() + "; " + queues.evidence());
    }

    private static Finding<Boolean> steady(Finding<Pooling> empty, Finding<Pooling> full, Fill fill) {
        if (!fill.isDry() || empty.value().isEmpty() || full.value().isEmpty()) {
            return Finding.notSeen("not seen: needs a pool of several addresses that can be run dry");
        }
        return Finding.of(
                empty.value().equals(full.value()),
                "pooling is " + empty.value().get().key() + " in the empty pool, "
                        + full.value().get().key() + " in the full one");
    }

    private static Finding<Boolean> existing(Fill fill) {
        return fill.isDry()
                ? Finding.of(
                        fill.alive() == fill.asked(),
                        fill.alive() + " of " + Text.count(fill.asked(), "flow") + " answered after the refusals")
                : Finding.notSeen("not seen: the pool could not be run dry ("
                        + fill.bound().orElse("") + ")");
    }

    /** Of those who had nothing yet if there are such, as a limit of their own may look different. */
    private static Finding<Findings.Shape> shape(Ledger ledger) {
        Set<Integer> served = ledger.granted().stream()
                .map(flow -> flow.intent().subscriber())
                .collect(Collectors.toSet());
        List<Ledger.Refusal> ofDryPool = ledger.refusals().stream()
                .filter(refusal -> !served.contains(refusal.intent().subscriber()))
                .toList();
        List<Ledger.Refusal> silent = ledger.refusals().stream()
                .filter(refusal -> refusal.refused().kind() == RefusalKind.SILENCE)
                .toList();
        boolean isSilent = !ofDryPool.isEmpty() && silent.containsAll(ofDryPool);
        List<Ledger.Refusal> refusals =
                ofDryPool.isEmpty() ? ledger.refusals() : isSilent ? silent : ofDryPool; // who waited longest counts
        Map<String, List<Ledger.Refusal>> byText = refusals.stream()
                .collect(Collectors.groupingBy(refusal -> refusal.refused().text()));
        return byText.entrySet().stream()
                .max(Comparator.comparingInt(entry -> entry.getValue().size()))
                .map(commonest -> shape(commonest.getKey(), commonest.getValue()))
                .orElseGet(() -> Finding.notSeen("not seen: nothing was refused"));
    }

    private static Finding<Findings.Shape> shape(String text, List<Ledger.Refusal> refusals) {
        long[] took = refusals.stream()
                .mapToLong(refusal -> refusal.refused().tookNanos())
                .sorted()
                .toArray();
        RefusalKind kind = refusals.get(0).refused().kind();
        Findings.Shape shape = new Findings.Shape(kind, text, took[took.length / 2], took[took.length - 1]);
        return Finding.of(
                shape,
                kind == RefusalKind.SILENCE
                        ? Text.count(took.length, "refusal") + ", no answer within " + Text.seconds(shape.maxNanos())
                        : Text.count(took.length, "refusal") + ", half within " + Text.seconds(shape.medianNanos())
                                + ", all within " + Text.seconds(shape.maxNanos()));
    }

    private Finding<Duration> idle() {
        List<Flow> granted = range.ledger().granted();
        OptionalLong shortest = granted.stream()
                .filter(flow -> flow.endedByOthersNanos().isPresent())
                .mapToLong(flow -> flow.endedByOthersNanos().getAsLong() - flow.grantedNanos())
                .min();
        if (shortest.isPresent()) {
            return Finding.of(
                    Duration.ofNanos(shortest.getAsLong()),
                    "a silent flow was ended after " + Text.seconds(shortest.getAsLong()));
        }
        Optional<Flow> oldest = granted.stream().filter(Flow::isLive).findFirst();
        return Finding.notSeen(
                oldest.isPresent()
                        ? "not seen: a silent flow "
                                + (FillProbe.alive(List.of(oldest.get()), range) == 1 ? "stands" : "is dead")
                                + " after "
                                + Text.seconds(System.nanoTime() - oldest.get().grantedNanos())
                        : "not seen: no flow was left");
    }

    /** Leaves nothing open. */
    @Override
    public void close() {
        range.close();
    }
}
