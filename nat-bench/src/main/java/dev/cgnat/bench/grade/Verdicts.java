package dev.cgnat.bench.grade;

import dev.cgnat.bench.grade.Selection.Kind;
import dev.cgnat.bench.grade.Selection.Preference;
import dev.cgnat.bench.grade.Verdict.Status;
import dev.cgnat.core.CloseCause;
import dev.cgnat.core.address.PortRange;
import dev.cgnat.core.config.Mapping;
import dev.cgnat.core.config.Pooling;
import dev.cgnat.core.config.ReuseScope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/** What the findings mean, row by row of RFC 4787, RFC 5382 and RFC 6888. */
public final class Verdicts {
    /** RFC 6888 REQ-8. */
    private static final Duration REST = Duration.ofMinutes(2);
    /** RFC 5382 REQ-5. */
    private static final Duration IDLE = Duration.ofHours(2).plusMinutes(4);
    /** RFC 6888 REQ-15 and RFC 6056: fewer candidates than this are guessed in a second or two. */
    private static final double HARD_BITS = 4;

    private static final int FIRST_UNPRIVILEGED = 1024;
    private static final String INBOUND = "needs packets from outside, and this examiner sends none";
    private static final String UDP = "is about UDP, and only TCP was sent";
    private static final String PACKETS = "is about single packets, which a client's sockets do not show";
    private static final String INSIDE = "cannot be told from outside";

    private final Findings findings;
    private final List<Verdict> verdicts = new ArrayList<>();

    private Verdicts(Findings findings) {
        this.findings = findings;
    }

    /** Every row, in the order of the RFCs. */
    public static List<Verdict> of(Findings findings) {
        Verdicts verdicts = new Verdicts(findings);
        verdicts.rfc4787();
        verdicts.rfc5382();
        verdicts.rfc6888();
        return List.copyOf(verdicts.verdicts);
    }

    private void rfc4787() {
        mapping("RFC 4787 REQ-1");
        pooling("RFC 4787 REQ-2");
        overloading("RFC 4787 REQ-3");
        add("RFC 4787 REQ-3A", "keeps well-known ports apart", Status.NOT_SEEN, rangeClass());
        parity();
        add("RFC 4787 REQ-5", "UDP mappings last 2 min", Status.NOT_APPLICABLE, UDP);
        add("RFC 4787 REQ-6", "outbound packets refresh", Status.NOT_APPLICABLE, UDP);
        add("RFC 4787 REQ-8", "filtering", Status.NOT_SEEN, INBOUND);
        add("RFC 4787 REQ-9", "hairpinning", Status.NOT_SEEN, "the sinks are outside");
        deterministic();
        add("RFC 4787 REQ-12 to 14", "ICMP, fragments", Status.NOT_SEEN, PACKETS);
    }

    private void rfc5382() {
        mapping("RFC 5382 REQ-1");
        add("RFC 5382 REQ-2", "every valid order of segments", Status.NOT_SEEN, PACKETS);
        add("RFC 5382 REQ-3", "filtering", Status.NOT_SEEN, INBOUND);
        add("RFC 5382 REQ-4", "unsolicited SYN unanswered for 6 s", Status.NOT_SEEN, INBOUND);
        judge(
                "RFC 5382 REQ-5",
                "idle flows live for 2 h 4 min",
                findings.rests().idle(),
                idle -> idle.compareTo(IDLE) >= 0);
        add(
                "RFC 5382 REQ-6",
                "application gateways are off",
                Status.NOT_SEEN,
                "no payload that one would change was sent");
        overloading("RFC 5382 REQ-7");
        add("RFC 5382 REQ-8", "hairpinning", Status.NOT_SEEN, "the sinks are outside");
        add("RFC 5382 REQ-9 and 10", "ICMP", Status.NOT_SEEN, PACKETS);
    }

    private void rfc6888() {
        boolean violates = verdicts.stream().anyMatch(verdict -> verdict.status() == Status.VIOLATES);
        add(
                "RFC 6888 REQ-1",
                "the rows of RFC 4787 and 5382",
                violates ? Status.VIOLATES : Status.NOT_SEEN,
                violates ? "see above" : "none of those that were seen is violated");
        pooling("RFC 6888 REQ-2");
        add("RFC 6888 REQ-3", "a pool of any shape", Status.NOT_SEEN, INSIDE);
        limit();
        add("RFC 6888 REQ-5", "state is bounded", Status.NOT_SEEN, INSIDE);
        add("RFC 6888 REQ-6", "destinations without translation", Status.NOT_SEEN, "all sinks were translated to");
        add("RFC 6888 REQ-7", "endpoint-independent filtering", Status.NOT_SEEN, INBOUND);
        rest();
        add("RFC 6888 REQ-9", "a protocol such as PCP", Status.NOT_SEEN, "was not spoken");
        add("RFC 6888 REQ-10", "management", Status.NOT_SEEN, INSIDE);
        full();
        add("RFC 6888 REQ-12", "destinations are not logged", Status.NOT_SEEN, INSIDE);
        utilisation();
        blocks();
        guessing();
    }

    /** One that must give way where another client holds the port for that destination is none to rely on. */
    private void mapping(String row) {
        Finding<Mapping> mapping = findings.sharing().mapping();
        boolean isShared = findings.sharing()
                .scope()
                .value()
                .filter(ReuseScope::isPerDestination)
                .isPresent();
        String requirement = "endpoint-independent mapping";
        if (mapping.value().equals(Optional.of(Mapping.ENDPOINT_INDEPENDENT)) && isShared) {
            add(row, requirement, Status.VIOLATES, mapping.evidence() + "; but other clients may hold the port there");
        } else {
            judge(row, requirement, mapping, Mapping.ENDPOINT_INDEPENDENT::equals);
        }
    }

    private void overloading(String row) {
        Finding<ReuseScope> scope = findings.sharing().scope();
        Optional<String> shared = scope.value()
                .filter(ReuseScope::isPerDestination)
                .map(value -> "no 4-tuple twice; ports are shared by destinations, as RFC 7857 section 3 allows");
        add(
                row,
                "no port overloading",
                scope.value().isPresent() ? Status.COMPLIES : Status.NOT_SEEN,
                shared.orElse(scope.evidence()));
    }

    private void pooling(String row) {
        if (findings.ports().addresses().size() < 2) {
            add(row, "paired pooling", Status.NOT_APPLICABLE, "one external address was seen");
        } else {
            judge(row, "paired pooling", findings.sharing().pooling(), Pooling.PAIRED::equals);
        }
    }

    private String rangeClass() {
        return findings.ports()
                .range()
                .value()
                .map(range -> range.first() >= FIRST_UNPRIVILEGED
                        ? "clients used ports from 1024 on, and all external ones are too"
                        : "external ports start at " + range.first())
                .orElse("not seen");
    }

    private void parity() {
        Finding<Selection> selection = findings.ports().selection();
        Optional<Preference> prefer = selection.value().map(Selection::prefer);
        boolean keeps = prefer.filter(value -> value != Preference.NONE).isPresent();
        add(
                "RFC 4787 REQ-4",
                "port parity",
                prefer.isEmpty() ? Status.NOT_SEEN : keeps ? Status.COMPLIES : Status.NOT_APPLICABLE,
                prefer.map(value -> switch (value) {
                            case NONE -> "is for pairs of UDP ports; odd and even are mixed";
                            case PARITY -> "all draws have the client's parity";
                            case SAME_PORT -> "the port itself is kept where it can be";
                        })
                        .orElse(selection.evidence()));
    }

    private void deterministic() {
        judge(
                "RFC 4787 REQ-11",
                "behaves the same at any load",
                findings.sharing().steady(),
                same -> same);
    }

    private void limit() {
        Finding<Long> limit = findings.refusals().limit();
        add(
                "RFC 6888 REQ-4",
                "a limit per subscriber",
                limit.value().isPresent() ? Status.COMPLIES : isDry() ? Status.VIOLATES : Status.NOT_SEEN,
                limit.evidence() + (limit.value().isEmpty() && isDry() ? ", the whole of what it could get" : ""));
    }

    private boolean isDry() {
        return findings.refusals().existing().value().isPresent();
    }

    private void rest() {
        Optional<HoldDown> least = findings.rests().holdDowns().entrySet().stream()
                .filter(entry -> entry.getKey() != CloseCause.IDLE)
                .flatMap(entry -> entry.getValue().value().stream())
                .min((a, b) -> a.atMost().compareTo(b.atMost()));
        boolean isTracked = findings.sharing()
                .scope()
                .value()
                .filter(scope -> scope == ReuseScope.FOUR_TUPLE)
                .isPresent();
        Finding<HoldDown> shown =
                findings.rests().holdDowns().getOrDefault(CloseCause.CLIENT_FIN, Finding.notSeen("not seen"));
        if (least.isEmpty()) {
            add("RFC 6888 REQ-8", "a port rests for 120 s", Status.NOT_SEEN, shown.evidence());
            return;
        }
        String evidence =
                "the shortest rest was " + Text.seconds(least.get().atMost().toNanos());
        boolean isLong = least.get().rounded().compareTo(REST) >= 0;
        add(
                "RFC 6888 REQ-8",
                "a port rests for 120 s",
                isLong || isTracked ? Status.COMPLIES : Status.VIOLATES,
                isLong || !isTracked
                        ? evidence
                        : evidence + ", which is allowed where the state of TCP is tracked (REQ-8A)");
    }

    private void full() {
        judge(
                "RFC 6888 REQ-11",
                "a full pool drops new flows, never old ones",
                findings.refusals().existing(),
                alive -> alive);
    }

    private void utilisation() {
        Finding<PortRange> range = findings.ports().range();
        boolean isOfAll = findings.sharing().scope().value().equals(Optional.of(ReuseScope.HOST));
        int addresses = isOfAll ? 1 : findings.ports().addresses().size();
        boolean isAll = isDry()
                && range.value()
                        .filter(ports -> findings.ports().endpoints() >= ports.size() * addresses)
                        .isPresent();
        add(
                "RFC 6888 REQ-13",
                "makes the most of its ports",
                isAll ? Status.COMPLIES : Status.NOT_SEEN,
                isAll ? "every port of the range was lent before the first refusal to all" : range.evidence());
    }

    private void blocks() {
        Finding<Blocks> blocks = findings.ports().blocks();
        add(
                "RFC 6888 REQ-14",
                "little to log",
                blocks.value().isPresent() ? Status.COMPLIES : Status.NOT_SEEN,
                blocks.value()
                        .map(value -> "ports are lent in blocks")
                        .orElse(blocks.evidence() + "; the log is not seen"));
    }

    private void guessing() {
        Finding<Selection> selection = findings.ports().selection();
        Optional<Status> hard =
                selection.value().map(value -> value.bits() >= HARD_BITS ? Status.COMPLIES : Status.VIOLATES);
        add(
                "RFC 6888 REQ-15",
                "ports are hard to guess",
                hard.orElse(Status.NOT_SEEN),
                selection
                        .value()
                        .map(value -> String.format(
                                Locale.ROOT,
                                "%s, %.1f bits%s",
                                value.text(),
                                value.bits(),
                                value.kind().equals(Optional.of(Kind.OTHER)) ? " at most" : ""))
                        .orElse(selection.evidence()));
    }

    private <T> void judge(String row, String requirement, Finding<T> finding, Predicate<T> meets) {
        Status status = finding.value()
                .map(value -> meets.test(value) ? Status.COMPLIES : Status.VIOLATES)
                .orElse(Status.NOT_SEEN);
        add(row, requirement, status, finding.evidence());
    }

    private void add(String row, String requirement, Status status, String evidence) {
        verdicts.add(new Verdict(row, requirement, status, evidence));
    }
}
