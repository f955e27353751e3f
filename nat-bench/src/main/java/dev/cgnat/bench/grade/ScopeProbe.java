package dev.cgnat.bench.grade;

import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.config.ReuseScope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Within what a port is used only once: it forces collisions. Two live flows of different client endpoints on one external
 * endpoint prove the wider scope at once. Without one, the narrower is told by a refusal (of a dry pool), or by how many
 * collisions chance would have made: with n ports of N taken, m further draws miss them all with probability e^(−n·m/N).
 */
final class ScopeProbe {
    /** Collisions that chance would make, at which none is no chance any more: 1 in 100. */
    private static final double ENOUGH = -Math.log(0.01);

    private static final int MOST_TRIES = 2_000;
    private static final int REFUSALS = 4;

    private final Range range;
    private final double slots;
    private final boolean dry;

    /**
     * @param slots external endpoints that there are, as far as is known
     * @param dry whether nothing is granted to {@link Destination#MAIN} any more
     */
    ScopeProbe(Range range, double slots, boolean dry) {
        this.range = range;
        this.slots = slots;
        this.dry = dry;
    }

    /** What tries to one more destination came to; neither collided nor excluded means that it cannot be told. */
    private record Tries(Optional<String> collision, boolean excluded, String evidence) {}

    Finding<ReuseScope> run() {
        Optional<String> before = collision(Destination.OTHER_PORT);
        Tries ports = before.isPresent() ? collided(before.get()) : tries(Destination.OTHER_PORT);
        if (ports.collision().isPresent()) {
            return Finding.of(ReuseScope.FOUR_TUPLE, ports.evidence());
        }
        Tries hosts = tries(Destination.OTHER_HOST);
        if (!ports.excluded()) {
            return Finding.notSeen("not seen: " + ports.evidence()
                    + hosts.collision().map(text -> "; " + text).orElse(""));
        }
        if (hosts.collision().isPresent()) {
            return Finding.of(ReuseScope.REMOTE_HOST, hosts.evidence() + "; " + ports.evidence());
        }
        if (!hosts.excluded()) {
            return Finding.notSeen("not seen: " + hosts.evidence());
        }
        return host(hosts.evidence() + "; " + ports.evidence());
    }

    private Optional<String> collision(Destination destination) {
        for (Flow flow : range.ledger().liveTo(destination)) {
            Optional<Flow> other = range.ledger().sharesWith(flow, Destination.MAIN);
            if (other.isPresent()) {
                return Optional.of(flow.external() + " is lent to "
                        + other.get().intent().internal() + " for "
                        + Destination.MAIN.text() + " and to " + flow.intent().internal() + " for "
                        + destination.text());
            }
        }
        return Optional.empty();
    }

    private static Tries collided(String text) {
        return new Tries(Optional.of(text), false, text);
    }

    /** Flows to {@code destination}, by turns of a subscriber that has flows and of one that has none. */
    private Tries tries(Destination destination) {
        if (!range.has(destination)) {
            return new Tries(Optional.empty(), false, "no sink at " + destination.text());
        }
        List<Flow> main = range.ledger().liveTo(Destination.MAIN);
        double chances = 0;
        int granted = 0;
        int refused = 0;
        for (int i = 0; i < MOST_TRIES && chances < ENOUGH && refused < REFUSALS; i++) {
            Attempt attempt = range.open(subscriber(main, i), destination);
            if (attempt instanceof Attempt.Granted) {
                granted++;
                chances += main.size() / slots;
                Optional<String> collision = collision(destination);
                if (collision.isPresent()) {
                    return collided(collision.get());
                }
            } else if (attempt instanceof Attempt.Refused) {
                refused++;
            } else {
                break;
            }
        }
        boolean excluded = chances >= ENOUGH || (dry && refused >= REFUSALS && granted <= refused);
        return new Tries(
                Optional.empty(),
                excluded,
                String.format(
                        Locale.ROOT,
                        "to %s %d granted without a collision (by chance %.1f were due), %d refused",
                        destination.text(),
                        granted,
                        chances,
                        refused));
    }

    private int subscriber(List<Flow> main, int turn) {
        Optional<Integer> fresh =
                turn % 2 == 0 ? Optional.empty() : range.endpoints().freshSubscriber();
        return fresh.orElseGet(
                () -> main.isEmpty() ? 0 : main.get(turn % main.size()).intent().subscriber());
    }

    /** Whether two addresses lend the same number at once. */
    private Finding<ReuseScope> host(String evidence) {
        Map<Integer, List<IpAddress>> addresses = new HashMap<>();
        for (Flow flow : range.ledger().live()) {
            List<IpAddress> of = addresses.computeIfAbsent(flow.external().port(), key -> new ArrayList<>());
            if (!of.contains(flow.external().address())) {
                of.add(flow.external().address());
            }
        }
        Optional<Map.Entry<Integer, List<IpAddress>>> twice = addresses.entrySet().stream()
                .filter(entry -> entry.getValue().size() > 1)
                .findFirst();
        if (twice.isPresent()) {
            return Finding.of(
                    ReuseScope.ADDRESS,
                    "port " + twice.get().getKey() + " is lent on "
                            + twice.get().getValue() + " at once; " + evidence);
        }
        if (range.ledger().addresses().size() < 2) {
            return Finding.of(ReuseScope.ADDRESS, "one address, where scope host is the same; " + evidence);
        }
        double due = due();
        return due >= ENOUGH
                ? Finding.of(
                        ReuseScope.HOST,
                        String.format(
                                Locale.ROOT,
                                "no number is lent on two of %d addresses at once (by chance %.1f were due); %s",
                                range.ledger().addresses().size(),
                                due,
                                evidence))
                : Finding.notSeen("not seen: address or host; " + evidence);
    }

    /** Numbers that independent addresses would share by chance. */
    private double due() {
        Map<IpAddress, Integer> counts = new HashMap<>();
        range.ledger().live().forEach(flow -> counts.merge(flow.external().address(), 1, Integer::sum));
        double numbers = slots / counts.size();
        double due = 0;
        List<Integer> all = List.copyOf(counts.values());
        for (int i = 0; i < all.size(); i++) {
            for (int j = i + 1; j < all.size(); j++) {
                due += all.get(i) * (double) all.get(j) / numbers;
            }
        }
        return due;
    }
}
