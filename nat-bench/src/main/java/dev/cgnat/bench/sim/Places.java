package dev.cgnat.bench.sim;

import dev.cgnat.bench.report.RunReport.Use;
import dev.cgnat.bench.workload.Destinations;
import dev.cgnat.bench.workload.Group;
import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.core.config.PoolConfig;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The destinations of a workload and the external addresses of the NATs by number, and what flows there were.
 *
 * <p><b>Ownership</b>: one thread. <b>Costs</b>: O(1) for a flow; 36 bytes for each destination.
 */
final class Places {
    /** Most addresses that are told apart. */
    private static final int MOST_ADDRESSES = 256;

    private static final int MOST_DESTINATIONS = 20;

    private final int[] firstDestination;
    private final Destinations[] destinations;
    private final @Nullable Endpoint[] endpoints;
    private final UseTable destinationUse = new UseTable();

    private final Map<IpAddress, Integer> addresses = new LinkedHashMap<>();
    /** By NAT and group. */
    private final int[][] firstAddress;

    private final UseTable addressUse = new UseTable();

    /**
     * @param pools of the groups, in their order
     * @throws IllegalArgumentException if there are more than 1,048,576 destinations
     */
    Places(List<Group> groups, List<PoolConfig> pools, List<NatConfig> nats) {
        Map<Endpoint, Integer> counts = new LinkedHashMap<>();
        groups.forEach(group ->
                counts.merge(group.destinations().first(), group.destinations().count(), Math::max));
        Map<Endpoint, Integer> firsts = new HashMap<>();
        int count = 0;
        for (Map.Entry<Endpoint, Integer> entry : counts.entrySet()) {
            firsts.put(entry.getKey(), count);
            count += entry.getValue();
            if (count > Destinations.MOST) {
                throw new IllegalArgumentException(
                        "destinations: " + count + " in all (expected: at most " + Destinations.MOST + ")");
            }
        }
        destinations = groups.stream().map(Group::destinations).toArray(Destinations[]::new);
        firstDestination = groups.stream()
                .mapToInt(group ->
                        Objects.requireNonNull(firsts.get(group.destinations().first())))
                .toArray();
        endpoints = new @Nullable Endpoint[count];
        firstAddress = new int[nats.size()][];
        int address = 0;
        for (int i = 0; i < firstAddress.length; i++) {
            Map<String, Integer> ofPools = new HashMap<>();
            for (PoolConfig pool : nats.get(i).pools()) {
                ofPools.put(pool.name(), address);
                address += pool.addressCount();
                if (address <= MOST_ADDRESSES) {
                    number(pool);
                }
            }
            firstAddress[i] = pools.stream()
                    .mapToInt(pool -> Objects.requireNonNull(ofPools.get(pool.name())))
                    .toArray();
        }
        if (address > MOST_ADDRESSES) {
            addresses.clear();
        }
    }

    private void number(PoolConfig pool) {
        for (AddressRange range : pool.addresses()) {
            for (int i = 0; i < range.size(); i++) {
                addresses.put(range.first().plus(i), addresses.size());
            }
        }
    }

    /** The number of a group's destination. */
    int destination(int group, int index) {
        return firstDestination[group] + index;
    }

    /** Where a flow to a group's destination goes. */
    Endpoint endpoint(int group, int index, Protocol protocol) {
        int number = destination(group, index);
        Endpoint endpoint = endpoints[number];
        if (endpoint == null) {
            endpoint = destinations[group].get(index);
            endpoints[number] = endpoint;
        }
        return protocol == Protocol.ICMP ? new Endpoint(endpoint.address(), 0) : endpoint;
    }

    void granted(int nat, int group, int addressIndex, int destination) {
        destinationUse.granted(destination);
        if (!addresses.isEmpty()) {
            addressUse.granted(firstAddress[nat][group] + addressIndex);
        }
    }

    void ended(int nat, int group, int addressIndex, int destination) {
        destinationUse.ended(destination);
        if (!addresses.isEmpty()) {
            addressUse.ended(firstAddress[nat][group] + addressIndex);
        }
    }

    /** @param address that the subscriber keeps, if it keeps one */
    void refused(Optional<IpAddress> address, int destination) {
        destinationUse.refused(destination);
        address.map(addresses::get).ifPresent(addressUse::refused);
    }

    List<Use> addresses() {
        List<String> names =
                addresses.keySet().stream().map(IpAddress::toString).toList();
        return addressUse.all(names.size(), names::get);
    }

    List<Use> destinations() {
        return destinationUse.busiest(endpoints.length, MOST_DESTINATIONS, number -> String.valueOf(endpoints[number]));
    }
}
