package dev.cgnat.bench.grade;

import dev.cgnat.bench.grade.Attempt.Refused;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/** Every answer in its order. One thread uses it. */
final class Ledger {
    /**
     * A refusal.
     *
     * @param after how many flows had been granted before
     */
    record Refusal(Flow.Intent intent, Refused refused, int after) {}

    private final List<Flow> granted = new ArrayList<>();
    private final List<Refusal> refusals = new ArrayList<>();
    private final Map<Endpoint, List<Flow>> byExternal = new HashMap<>();

    void note(Flow flow, Attempt attempt) {
        if (attempt instanceof Attempt.Granted) {
            granted.add(flow);
            byExternal
                    .computeIfAbsent(flow.external(), key -> new ArrayList<>())
                    .add(flow);
        } else if (attempt instanceof Refused refused) {
            refusals.add(new Refusal(flow.intent(), refused, granted.size()));
        }
    }

    /** In the order of the grants. */
    List<Flow> granted() {
        return granted;
    }

    List<Refusal> refusals() {
        return refusals;
    }

    List<Flow> live() {
        return granted.stream().filter(Flow::isLive).toList();
    }

    List<Flow> liveTo(Destination destination) {
        return granted.stream()
                .filter(flow -> flow.isLive() && flow.intent().destination() == destination)
                .toList();
    }

    /** Another live flow of another client endpoint that has the same external endpoint. */
    Optional<Flow> sharesWith(Flow flow, Destination destination) {
        return byExternal.getOrDefault(flow.external(), List.of()).stream()
                .filter(other -> other != flow
                        && other.isLive()
                        && other.intent().destination() == destination
                        && !other.intent().internal().equals(flow.intent().internal()))
                .findFirst();
    }

    /** External addresses seen so far, in order. */
    NavigableSet<IpAddress> addresses() {
        TreeSet<IpAddress> addresses = new TreeSet<>();
        byExternal.keySet().forEach(external -> addresses.add(external.address()));
        return addresses;
    }

    /** External ports seen so far, over all addresses, in order. */
    NavigableSet<Integer> ports() {
        TreeSet<Integer> ports = new TreeSet<>();
        byExternal.keySet().forEach(external -> ports.add(external.port()));
        return ports;
    }

    /** External endpoints seen so far. */
    int endpoints() {
        return byExternal.size();
    }

    /** Flows that drew a port: without those that an earlier flow of the same client endpoint brought along. */
    List<Flow> draws() {
        List<Flow> draws = new ArrayList<>();
        Map<Endpoint, Endpoint> last = new HashMap<>();
        for (Flow flow : granted) {
            Endpoint before = last.put(flow.intent().internal(), flow.external());
            if (!flow.external().equals(before)) {
                draws.add(flow);
            }
        }
        return draws;
    }
}
