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
import org.jspecify.annotations.Nullable;

/**
 * How long a port rests: with the pool dry, it ends some flows in each way at once, then asks for flows in ever longer steps and
 * sees which of these ports come back, and when. A step is 1.5 % of what has passed, so the answer is good to about 2 %.
 *
 * <p>The ports that end in one way end in a shuffled order; if they come back in the very same, they queue.
 */
final class HoldDownProbe {
    private static final int PER_ENDING = 6;
    private static final double STEP = 0.015;
    private static final long LEAST_STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final int MOST_WAITING = 256;
    private static final long MOST_POLL_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final long LEAST_POLL_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long RESERVE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    /** Flows beyond the closed ports after which the pool was not dry. */
    private static final int STRANGERS = 200;
    private static final int IN_ORDER = 5;

    private final Range range;
    private final Map<Endpoint, Slot> slots = new LinkedHashMap<>();
    private final BlockingQueue<Flow> settled = new LinkedBlockingQueue<>();
    private final List<Endpoint> regranted = new ArrayList<>();
    private long lastRefusedNanos;

    /** A port whose flow has ended. */
    private static final class Slot {
        final CloseCause cause;
        final int owner;
        final long endedNanos;
        OptionalLong backNanos = OptionalLong.empty();
        long refusedNanos;

        Slot(CloseCause cause, int owner, long endedNanos) {
            this.cause = cause;
            this.owner = owner;
            this.endedNanos = endedNanos;
            refusedNanos = endedNanos;
        }
    }

    /**
     * What was learnt.
     *
     * @param queues whether ports came back in the order in which they were freed; empty unless enough did
     */
    record Rests(Map<CloseCause, Finding<HoldDown>> byCause, Finding<Boolean> queues) {}

    HoldDownProbe(Range range) {
        this.range = range;
    }

    Rests run(boolean dry, String why) {
        List<Flow> victims = victims();
        if (!dry || victims.isEmpty()) {
            String reason = "not seen: the pool could not be run dry (" + why + ")";
            Map<CloseCause, Finding<HoldDown>> none = new EnumMap<>(CloseCause.class);
            causes().forEach(cause -> none.put(cause, Finding.notSeen(reason)));
            return new Rests(none, Finding.notSeen(reason));
        }
        end(victims);
        long ended = System.nanoTime();
        poll(ended);
        Map<CloseCause, Finding<HoldDown>> byCause = new EnumMap<>(CloseCause.class);
        causes().forEach(cause -> byCause.put(cause, finding(cause)));
        return new Rests(byCause, order());
    }

    private static List<CloseCause> causes() {
        return List.of(CloseCause.CLIENT_FIN, CloseCause.SERVER_FIN, CloseCause.RESET, CloseCause.IDLE);
    }

    /** Of one address and few subscribers if possible, as others may be refused what these may have; then shuffled. */
    private List<Flow> victims() {
        List<Flow> live = new ArrayList<>(range.ledger().liveTo(Destination.MAIN));
        Map<IpAddress, Long> onAddress = new HashMap<>();
        Map<Integer, Long> ofSubscriber = new HashMap<>();
        for (Flow flow : live) {
            onAddress.merge(flow.external().address(), 1L, Long::sum);
            ofSubscriber.merge(flow.intent().subscriber(), 1L, Long::sum);
        }
        live.sort(Comparator.<Flow, Long>comparing(flow -> -onAddress.getOrDefault(flow.external().address(), 0L))
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
                    .completeOnTimeout(System.nanoTime(), range.plan().bounds().patience().toNanos(), TimeUnit.NANOSECONDS)
                    .join();
            CloseCause cause =
                    switch (ways[i % ways.length]) {
                        case CLIENT_FIN -> CloseCause.CLIENT_FIN;
                        case SERVER_FIN -> CloseCause.SERVER_FIN;
                        case RESET -> CloseCause.RESET;
                    };
            slots.put(flow.external(), new Slot(cause, flow.intent().subscriber(), ended));
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
            List<Slot> gone = slots.values().stream().filter(slot -> slot.backNanos.isEmpty()).toList();
            if (gone.isEmpty() || range.budget().remaining() == 0) {
                break;
            }
            long now = System.nanoTime();
            if (now >= next && waiting.size() < MOST_WAITING) {
                waiting.add(begin(gone.get(turn++ % gone.size()).owner, patience));
                next = now + Math.max(LEAST_STEP_NANOS, (long) (STEP * (now - startNanos)));
            }
            Flow answer = take(next - System.nanoTime());
            if (answer != null) {
                waiting.remove(answer);
                Attempt attempt = range.settle(answer);
                if (attempt instanceof Attempt.Granted) {
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
        Slot slot = slots.get(flow.external());
        if (slot == null || slot.backNanos.isPresent()) {
            return false;
        }
        slot.backNanos = OptionalLong.of(flow.grantedNanos());
        regranted.add(flow.external());
        return true;
    }

    /** Flows that the NAT ended meanwhile, for what else but silence. */
    private void noteIdle() {
        for (Flow flow : range.ledger().granted()) {
            OptionalLong ended = flow.endedByOthersNanos();
            if (ended.isPresent() && flow.intent().destination() == Destination.MAIN) {
                slots.putIfAbsent(
                        flow.external(),
                        new Slot(CloseCause.IDLE, flow.intent().subscriber(), ended.getAsLong()));
            }
        }
    }

    private Finding<HoldDown> finding(CloseCause cause) {
        List<Slot> all = slots.values().stream().filter(slot -> slot.cause == cause).toList();
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
            long waited = all.stream().mapToLong(slot -> System.nanoTime() - slot.endedNanos).max().orElse(0);
            return Finding.notSeen(String.format(
                    Locale.ROOT, "not seen: %s did not come back within %s", Text.count(all.size(), "port"), Text.seconds(waited)));
        }
        Slot first = back.get(0);
        long atMost = Math.max(0, rested(first));
        HoldDown found = new HoldDown(
                Duration.ofNanos(Math.min(atMost, Math.max(0, first.refusedNanos - first.endedNanos))),
                Duration.ofNanos(atMost),
                back.size());
        return Finding.of(
                found,
                String.format(
                        Locale.ROOT,
                        "%d of %s came back, the first %s after its end, refused until %s",
                        back.size(),
                        Text.count(all.size(), "port"),
                        Text.seconds(found.atMost().toNanos()),
                        Text.seconds(found.atLeast().toNanos())));
    }

    private static long rested(Slot slot) {
        return slot.backNanos.orElse(Long.MAX_VALUE) - slot.endedNanos;
    }

    /** Compared within each cause, and on one address. */
    private Finding<Boolean> order() {
        Map<String, List<Endpoint>> freed = new HashMap<>();
        slots.forEach((endpoint, slot) -> freed.computeIfAbsent(
                        slot.cause + " " + endpoint.address(), key -> new ArrayList<>())
                .add(endpoint));
        int compared = 0;
        int same = 0;
        for (List<Endpoint> order : freed.values()) {
            if (order.size() >= IN_ORDER && regranted.containsAll(order)) {
                compared++;
                same += regranted.stream().filter(order::contains).toList().equals(order) ? 1 : 0;
            }
        }
        return compared == 0
                ? Finding.notSeen("not seen: too few ports came back")
                : Finding.of(same == compared, same + " of " + compared + " rows of ports came back in the order of their ends");
    }
}
