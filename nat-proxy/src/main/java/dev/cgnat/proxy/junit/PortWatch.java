package dev.cgnat.proxy.junit;

import dev.cgnat.core.Binding;
import dev.cgnat.core.NatEvent;
import dev.cgnat.core.Refusal;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.ReuseScope;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Follows the ports of the flows that are granted from now on; what lived or rested before is not its business.
 *
 * <p>Any thread may call. <b>Costs</b>: some hundred bytes for each port that is in use or rests.
 */
final class PortWatch {
    private static final String ANYWHERE = "any destination";

    private final Map<String, ReuseScope> scopes;
    private final Map<String, Ports> places = new HashMap<>();
    private final PriorityQueue<Rest> rests = new PriorityQueue<>(Comparator.comparingLong(Rest::freeAtNanos));
    private final Set<Long> live = new HashSet<>();
    private final Map<Refusal, Integer> refused = new EnumMap<>(Refusal.class);
    private String lastRefusal = "";
    private int granted;
    private int peakLive;
    private Peak peak = new Peak(0, 0, ANYWHERE);
    private long longestRestNanos;

    PortWatch(NatConfig config) {
        scopes = config.pools().stream().collect(Collectors.toMap(PoolConfig::name, PoolConfig::reuseScope));
    }

    /** One unit's occupied ports: how many flows live on each, and how many rests hold it. */
    private static final class Ports {
        private final Map<Endpoint, Integer> live = new HashMap<>();
        private final Map<Endpoint, Integer> occupied = new HashMap<>();
    }

    private record Rest(String place, Endpoint external, long freeAtNanos) {}

    private record Peak(int ports, int resting, String place) {}

    synchronized void onEvent(NatEvent event) {
        wake(event.atNanos());
        if (event instanceof NatEvent.Opened opened) {
            open(opened.binding());
        } else if (event instanceof NatEvent.Closed closed) {
            if (leave(closed.binding())) {
                rest(closed.binding(), closed.freeAtNanos(), closed.atNanos());
            }
        } else if (event instanceof NatEvent.SetAside taken) {
            if (leave(taken.binding())) {
                granted--; // the flow has another port by now, or is refused
                decrement(
                        ports(place(taken.binding())).occupied, taken.binding().external());
            }
        } else if (event instanceof NatEvent.Refused refusal) {
            refused.merge(refusal.refused().reason(), 1, Integer::sum);
            lastRefusal = refusal.refused().reason().label() + ", "
                    + refusal.refused().why().text();
        }
    }

    synchronized PortUse use() {
        return new PortUse(
                granted + refused.values().stream().mapToInt(Integer::intValue).sum(),
                peak.ports(),
                peak.resting(),
                Duration.ofNanos(longestRestNanos),
                peak.place(),
                peakLive,
                refused,
                lastRefusal);
    }

    private void open(Binding binding) {
        String place = place(binding);
        Ports ports = ports(place);
        ports.live.merge(binding.external(), 1, Integer::sum);
        ports.occupied.merge(binding.external(), 1, Integer::sum);
        live.add(binding.id());
        granted++;
        peakLive = Math.max(peakLive, live.size());
        if (ports.occupied.size() > peak.ports()) {
            peak = new Peak(ports.occupied.size(), ports.occupied.size() - ports.live.size(), place);
        }
    }

    /** Whether its beginning was seen. */
    private boolean leave(Binding binding) {
        if (!live.remove(binding.id())) {
            return false;
        }
        decrement(ports(place(binding)).live, binding.external());
        return true;
    }

    private void rest(Binding binding, long freeAtNanos, long nowNanos) {
        longestRestNanos = Math.max(longestRestNanos, freeAtNanos - nowNanos);
        rests.add(new Rest(place(binding), binding.external(), freeAtNanos));
        wake(nowNanos); // without a hold-down, at once
    }

    private void wake(long nowNanos) {
        for (Rest next = rests.peek(); next != null && next.freeAtNanos() <= nowNanos; next = rests.peek()) {
            rests.remove();
            decrement(ports(next.place()).occupied, next.external());
        }
    }

    private Ports ports(String place) {
        return places.computeIfAbsent(place, key -> new Ports());
    }

    /** Within what a port may be used only once. */
    private String place(Binding binding) {
        return switch (scopes.getOrDefault(binding.pool(), ReuseScope.FOUR_TUPLE)) {
            case HOST, ADDRESS -> ANYWHERE;
            case REMOTE_HOST -> binding.destination().address().toString();
            case FOUR_TUPLE -> binding.destination().toString();
        };
    }

    private static void decrement(Map<Endpoint, Integer> counts, Endpoint endpoint) {
        counts.computeIfPresent(endpoint, (key, count) -> count == 1 ? null : count - 1);
    }
}
