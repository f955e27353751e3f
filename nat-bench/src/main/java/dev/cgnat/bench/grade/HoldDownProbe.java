package dev.cgnat.bench.grade;

import dev.cgnat.core.CloseCause;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How long a port rests: with the pool dry, it ends some flows in each way at once, then asks for flows in ever longer steps and
 * sees which of these ports come back, and when. A step is 1.5 % of what has passed, so the answer is good to about 2 %.
 */
final class HoldDownProbe {
    private static final int PER_ENDING = 6;
    private static final double STEP = 0.015;
    private static final long LEAST_STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final int MOST_WAITING = 256;
    private static final long MOST_POLL_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final long LEAST_POLL_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long RESERVE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long NEWS_PER_GRANT = 2;
    private static final double USUAL = 0.9;
    /** Flows beyond the closed ports after which the pool was not dry. */
    private static final int STRANGERS = 200;

    private final Range range;
    private final boolean addressesShare;
    private final Map<Endpoint, Slot> slots = new LinkedHashMap<>();
    /** By subscriber, flows that it had more of. */
    private final Map<Integer, Integer> missing = new HashMap<>();

    private final BlockingQueue<Flow> settled = new LinkedBlockingQueue<>();
    private long lastRefusedNanos;
    private long newsNanos;

    /** A port whose flow has ended. */
    private static final class Slot {
        final CloseCause cause;
        final long endedNanos;
        OptionalLong backNanos = OptionalLong.empty();
        long refusedNanos;

        Slot(CloseCause cause, long endedNanos) {
            this.cause = cause;
            this.endedNanos = endedNanos;
            refusedNanos = endedNanos;
        }
    }

    /** @param addressesShare whether a port number may come back on another address (reuse scope host) */
    HoldDownProbe(Range range, boolean addressesShare) {
        this.range = range;
        this.addressesShare = addressesShare;
    }

    private Endpoint key(Flow flow) {
        Endpoint external = flow.external();
        return addressesShare ? new Endpoint(range.ledger().addresses().first(), external.port()) : external;
    }

    Map<CloseCause, Finding<HoldDown>> run(boolean dry, String why) {
        List<Flow> victims = victims();
        if (!dry || victims.isEmpty()) {
            String reason = "not seen: the pool could not be run dry (" + why + ")";
            Map<CloseCause, Finding<HoldDown>> none = new EnumMap<>(CloseCause.class);
            causes().forEach(cause -> none.put(cause, Finding.notSeen(reason)));
            return none;
        }
        newsNanos = newsNanos();
        end(victims);
        long ended = System.nanoTime();
        poll(ended);
        Map<CloseCause, Finding<HoldDown>> byCause = new EnumMap<>(CloseCause.class);
        causes().forEach(cause -> byCause.put(cause, finding(cause)));
        return byCause;
    }

    private static List<CloseCause> causes() {
        return List.of(CloseCause.CLIENT_FIN, CloseCause.SERVER_FIN, CloseCause.RESET, CloseCause.IDLE);
    }

    /** Of one address and few subscribers if possible, as others may be refused what these may have; then shuffled. */
    private List<Flow> victims() {
        Map<Endpoint, Long> users =
                range.ledger().live().stream().collect(Collectors.groupingBy(Flow::external, Collectors.counting()));
        List<Flow> live = range.ledger().liveTo(Destination.MAIN).stream()
                .filter(flow -> users.getOrDefault(flow.external(), 0L) == 1) // else the port stays in use
                .collect(Collectors.toCollection(ArrayList::new));
        Map<IpAddress, Long> onAddress = new HashMap<>();
        Map<Integer, Long> ofSubscriber = new HashMap<>();
        for (Flow flow : live) {
            onAddress.merge(flow.external().address(), 1L, Long::sum);
            ofSubscriber.merge(flow.intent().subscriber(), 1L, Long::sum);
        }
        live.sort(Comparator.<Flow, Long>comparing(
                        flow -> -onAddress.getOrDefault(flow.external().address(), 0L))
                .thenComparing(flow -> flow.external().address())
                .thenComparing(flow -> -ofSubscriber.getOrDefault(flow.intent().subscriber(), 0L))
                .thenComparing(flow -> flow.intent().subscriber()));
        int ways = Flow.Ending.values().length;
        int each = Math.max(1, Math.min(PER_ENDING, live.size() / (ways + 1)));
        List<Flow> victims = new ArrayList<>(live.subList(0, Math.min(each * ways, live.size())));
        Collections.shuffle(victims, new Random(range.plan().seed()));
        return victims;
    }

    private void end(List<Flow> victims) {
        Flow.Ending[] ways = Flow.Ending.values();
        List<CompletableFuture<Long>> ends = new ArrayList<>();
        for (int i = 0; i < victims.size(); i++) {
            ends.add(victims.get(i).end(ways[i % ways.length]));
        }
        for (int i = 0; i < victims.size(); i++) {
            Flow flow = victims.get(i);
            long ended = ends.get(i)
                    .completeOnTimeout(
                            System.nanoTime(), range.plan().bounds().patience().toNanos(), TimeUnit.NANOSECONDS)
                    .join();
            CloseCause cause = switch (ways[i % ways.length]) {
                case CLIENT_FIN -> CloseCause.CLIENT_FIN;
                case SERVER_FIN -> CloseCause.SERVER_FIN;
                case RESET -> CloseCause.RESET;
            };
            slots.put(key(flow), new Slot(cause, ended));
            missing.merge(flow.intent().subscriber(), 1, Integer::sum);
        }
    }

    private void poll(long startNanos) {
        Deque<Flow> waiting = new ArrayDeque<>();
        Duration patience = patience();
        long next = System.nanoTime();
        int strangers = 0;
        int turn = 0;
        while (range.budget().remainingNanos() > RESERVE_NANOS && strangers < STRANGERS) {
            noteIdle();
            List<Slot> gone = gone();
            if (gone.isEmpty() || range.budget().remaining() == 0) {
                break;
            }
            long now = System.nanoTime();
            if (now >= next && waiting.size() < MOST_WAITING) {
                waiting.add(begin(subscriber(turn++), patience));
                next = now + Math.max(LEAST_STEP_NANOS, (long) (STEP * (now - startNanos)));
            }
            Flow answer = take(next - System.nanoTime());
            if (answer != null) {
                waiting.remove(answer);
                Attempt attempt = range.settle(answer);
                if (attempt instanceof Attempt.Granted) {
                    missing.merge(answer.intent().subscriber(), -1, Integer::sum);
                    strangers += isBack(answer) ? 0 : 1;
                    next = System.nanoTime(); // another may be there already
                } else if (attempt instanceof Attempt.Refused) {
                    lastRefusedNanos = Math.max(lastRefusedNanos, answer.begunNanos());
                    gone.forEach(slot -> slot.refusedNanos = Math.max(slot.refusedNanos, lastRefusedNanos));
                }
            }
        }
        waiting.forEach(Flow::giveUp);
        waiting.forEach(range::settle);
    }

    /** What is still worth waiting for: not what rests twice as long as others that ended alike. */
    private List<Slot> gone() {
        long now = System.nanoTime();
        Map<CloseCause, Long> longest = new EnumMap<>(CloseCause.class);
        slots.values().stream()
                .filter(slot -> slot.backNanos.isPresent())
                .forEach(slot -> longest.merge(slot.cause, rested(slot), Math::max));
        return slots.values().stream()
                .filter(slot -> slot.backNanos.isEmpty())
                .filter(slot -> !longest.containsKey(slot.cause)
                        || now - slot.endedNanos < 2 * longest.get(slot.cause) + GRACE_NANOS)
                .toList();
    }

    /** By turns, of those that have fewer flows than they had, as their limit may be reached else. */
    private int subscriber(int turn) {
        List<Integer> behind = missing.entrySet().stream()
                .filter(entry -> entry.getValue() > 0)
                .map(Map.Entry::getKey)
                .toList();
        List<Integer> all = behind.isEmpty() ? List.copyOf(missing.keySet()) : behind;
        return all.get(turn % all.size());
    }

    /** Silence is not waited for; where a NAT lets its clients queue, a flow keeps its place. */
    private Duration patience() {
        boolean silent = range.ledger().refusals().stream()
                .anyMatch(refusal -> refusal.refused().kind() == RefusalKind.SILENCE);
        if (silent) {
            return range.patience();
        }
        long slowest = range.ledger().refusals().stream()
                .mapToLong(refusal -> refusal.refused().tookNanos())
                .max()
                .orElse(0);
        return Duration.ofNanos(Math.min(MOST_POLL_PATIENCE_NANOS, Math.max(LEAST_POLL_PATIENCE_NANOS, 2 * slowest)));
    }

    private Flow begin(int owner, Duration patience) {
        Flow flow = new Flow(new Flow.Intent(
                owner,
                range.endpoints().any(owner),
                Destination.MAIN,
                range.plan().ways().get(0)));
        flow.outcome().whenComplete((attempt, failure) -> settled.add(flow));
        range.begin(flow, patience);
        return flow;
    }

    private @Nullable Flow take(long nanos) {
        try {
            return settled.poll(Math.max(0, nanos), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            range.budget().stop();
            return null;
        }
    }

    private boolean isBack(Flow flow) {
        Slot slot = slots.get(key(flow));
        if (slot == null || slot.backNanos.isPresent()) {
            return false;
        }
        slot.backNanos = OptionalLong.of(flow.grantedNanos());
        return true;
    }

    /** Flows that the NAT ended meanwhile, for what else but silence. */
    private void noteIdle() {
        for (Flow flow : range.ledger().granted()) {
            OptionalLong ended = flow.endedByOthersNanos();
            if (ended.isPresent() && flow.intent().destination() == Destination.MAIN) {
                slots.computeIfAbsent(key(flow), key -> {
                    missing.merge(flow.intent().subscriber(), 1, Integer::sum);
                    return new Slot(CloseCause.IDLE, ended.getAsLong());
                });
            }
        }
    }

    private Finding<HoldDown> finding(CloseCause cause) {
        List<Slot> all =
                slots.values().stream().filter(slot -> slot.cause == cause).toList();
        if (all.isEmpty()) {
            return Finding.notSeen(
                    cause == CloseCause.IDLE
                            ? "not seen: no flow was ended for silence within "
                                    + Text.seconds(range.budget().elapsedNanos())
                            : "not seen: too few flows");
        }
        List<Slot> back = all.stream()
                .filter(slot -> slot.backNanos.isPresent())
                .sorted(Comparator.comparingLong(HoldDownProbe::rested))
                .toList();
        if (back.isEmpty()) {
            long waited = all.stream()
                    .mapToLong(slot -> System.nanoTime() - slot.endedNanos)
                    .max()
                    .orElse(0);
            return Finding.notSeen(String.format(
                    Locale.ROOT,
                    "not seen: %s did not come back within %s",
                    Text.count(all.size(), "port"),
                    Text.seconds(waited)));
        }
        Slot first = back.get(0);
        long atMost = Math.max(0, rested(first));
        long refusedFor = Math.min(atMost, Math.max(0, first.refusedNanos - first.endedNanos));
        HoldDown found = HoldDown.seen(
                Duration.ofNanos(refusedFor), Duration.ofNanos(atMost), Duration.ofNanos(newsNanos), back.size());
        return Finding.of(
                found,
                String.format(
                        Locale.ROOT,
                        "%d of %s came back, the first %s after its end, refused until %s",
                        back.size(),
                        Text.count(all.size(), "port"),
                        Text.seconds(found.atMost().toNanos()),
                        Text.seconds(refusedFor)));
    }

    /**
     * How much later than this side the NAT may hear of an end: no longer than {@value #NEWS_PER_GRANT} usual grants, each of which
     * went there and back. Who is refused within that may just have asked before the NAT knew.
     */
    private long newsNanos() {
        long[] took = range.ledger().granted().stream()
                .mapToLong(flow -> flow.grantedNanos() - flow.begunNanos())
                .sorted()
                .toArray();
        return took.length == 0 ? 0 : NEWS_PER_GRANT * took[(int) (took.length * USUAL)];
    }

    private static long rested(Slot slot) {
        return slot.backNanos.orElse(Long.MAX_VALUE) - slot.endedNanos;
    }
}
