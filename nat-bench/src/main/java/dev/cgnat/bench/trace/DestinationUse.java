package dev.cgnat.bench.trace;

import dev.cgnat.bench.report.RunReport.Use;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.Protocol;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The flows to each destination: live now, at most, granted and refused.
 *
 * <p><b>Ownership</b>: one thread. <b>Costs</b>: one look-up for each flow; memory for {@value #MOST} destinations, or for those
 * with live flows if they are more.
 */
/*
 * A log of a large network names millions of destinations. When there are too many, those without a live flow that had the
 * fewest are forgotten, so that half of the places are free; one that comes back begins anew. Those that a report shows are far
 * from that.
 */
final class DestinationUse {
    private static final int MOST = 16_384;
    private static final int PROTOCOLS = Protocol.values().length;

    private final Map<Endpoint, Place> places = new LinkedHashMap<>();
    private int limit = MOST;
    private boolean hasForgotten;

    /** One destination. */
    static final class Place {
        private final Endpoint endpoint;
        private final Host host;
        private int live;
        private int peak;
        private long granted;
        private long refused;
        private boolean isForgotten;
        private final Demand.@Nullable Unit[] units = new Demand.@Nullable Unit[PROTOCOLS];

        Place(Endpoint endpoint, Host host) {
            this.endpoint = endpoint;
            this.host = host;
        }

        Endpoint endpoint() {
            return endpoint;
        }

        /** What its flows of that protocol need, where each destination is a unit of its own. */
        Demand.Unit unit(Protocol protocol) {
            Demand.Unit unit = units[protocol.number()];
            if (unit == null) {
                unit = new Demand.Unit(new Demand.UnitKey(protocol, endpoint.address(), endpoint.port()));
                units[protocol.number()] = unit;
            }
            return unit;
        }

        private boolean isIdle() {
            for (Demand.Unit unit : units) {
                if (unit != null && !unit.isEmpty()) {
                    return false;
                }
            }
            return live == 0;
        }

        void grant() {
            granted++;
            live++;
            peak = Math.max(peak, live);
        }

        void end() {
            live--;
        }

        void refuse() {
            refused++;
        }

        private long asked() {
            return granted + refused;
        }
    }

    /** The destination of {@code flow}. */
    Place place(TraceFlow flow) {
        Place last = flow.place;
        if (last != null && last.endpoint.port() == flow.outsidePort() && !last.isForgotten) {
            return last;
        }
        Host host = flow.outside;
        Endpoint endpoint = new Endpoint(host.address(), flow.outsidePort());
        Place place = places.get(endpoint);
        if (place == null) {
            if (places.size() >= limit) {
                forget();
            }
            place = new Place(endpoint, host);
            places.put(endpoint, place);
        }
        host.place(place);
        return place;
    }

    /** Those with the most flows that asked, the busiest first. */
    List<Use> busiest(int most) {
        return places.values().stream()
                .sorted(Comparator.comparingLong(Place::asked)
                        .reversed()
                        .thenComparing(place -> place.endpoint.address())
                        .thenComparing(place -> place.endpoint.port()))
                .limit(most)
                .map(place -> new Use(place.endpoint.toString(), place.peak, place.granted, place.refused))
                .toList();
    }

    /** Whether there were more destinations than have a place. */
    boolean hasForgotten() {
        return hasForgotten;
    }

    private void forget() {
        hasForgotten = true;
        List<Place> idle = new ArrayList<>();
        for (Place place : places.values()) {
            if (place.isIdle()) {
                idle.add(place);
            }
        }
        idle.sort(Comparator.comparingLong(Place::asked)); // stable, so that the first to come goes first
        int count = Math.min(idle.size(), places.size() - MOST / 2);
        for (Place place : idle.subList(0, count)) {
            places.remove(place.endpoint);
            place.isForgotten = true;
            if (place.host.place() == place) { // hosts are kept longer than places
                place.host.place(null);
            }
        }
        limit = Math.max(MOST, places.size() + places.size() / 2);
    }
}
