package dev.cgnat.proxy.admin.api;

import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.Subscriber;
import dev.cgnat.proxy.admin.http.Call;
import dev.cgnat.proxy.metrics.SessionState;
import dev.cgnat.proxy.session.Session;
import inet.ipaddr.AddressStringException;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Which sessions a request is about: those that match every filter that it names. */
final class SessionFilter implements Predicate<Session> {
    private static final List<String> NAMES = List.of(
            "subscriber", "src", "dst", "externalIp", "port", "pool", "listener", "state", "olderThan", "idleFor");

    private static final int MAX_PORT = 65_535;

    private final Predicate<Session> all;
    private final boolean isEmpty;

    private SessionFilter(Predicate<Session> all, boolean isEmpty) {
        this.all = all;
        this.isEmpty = isEmpty;
    }

    /** The filters of {@code call}, which may have the parameters {@code others} beside them. */
    static SessionFilter of(Call call, String... others) {
        call.allowing(Stream.concat(NAMES.stream(), Stream.of(others)).toArray(String[]::new));
        Filters filters = new Filters();
        call.query("subscriber", Subscriber::new)
                .ifPresent(name ->
                        filters.add(session -> session.binding().subscriber().equals(name)));
        call.query("src", SessionFilter::endpoints)
                .ifPresent(
                        in -> filters.add(session -> in.test(session.binding().internal())));
        call.query("dst", SessionFilter::endpoints)
                .ifPresent(
                        in -> filters.add(session -> in.test(session.binding().destination())));
        call.query("externalIp", SessionFilter::addresses)
                .ifPresent(in -> filters.add(
                        session -> in.test(session.binding().external().address())));
        call.number("port", 0, MAX_PORT)
                .ifPresent(port ->
                        filters.add(session -> session.binding().external().port() == port));
        call.query("pool")
                .ifPresent(
                        name -> filters.add(session -> session.binding().pool().equals(name)));
        call.query("listener")
                .ifPresent(name -> filters.add(session -> session.listener().equals(name)));
        call.query("state", SessionFilter::states)
                .ifPresent(states ->
                        filters.add(session -> states.contains(session.stage().state())));
        call.duration("olderThan").ifPresent(age -> filters.add(session -> session.ageNanos() >= age.toNanos()));
        call.duration("idleFor").ifPresent(idle -> filters.add(session -> session.idleNanos() >= idle.toNanos()));
        return new SessionFilter(filters.all, filters.isEmpty);
    }

    /** Whether it matches everything. */
    boolean isEmpty() {
        return isEmpty;
    }

    @Override
    public boolean test(Session session) {
        return all.test(session);
    }

    private static final class Filters {
        private Predicate<Session> all = session -> true;
        private boolean isEmpty = true;

        void add(Predicate<Session> filter) {
            all = isEmpty ? filter : all.and(filter);
            isEmpty = false;
        }
    }

    /** {@code 10.0.0.0/8}, {@code 10.0.0.5}, {@code 10.0.0.5:80}, {@code [::1]:80} or {@code :443}. */
    static Predicate<Endpoint> endpoints(String text) {
        int colon = text.lastIndexOf(':');
        boolean hasPort = colon == 0 || (colon > 0 && (text.indexOf(':') == colon || text.charAt(colon - 1) == ']'));
        if (!hasPort) {
            Predicate<IpAddress> addresses = addresses(text);
            return endpoint -> addresses.test(endpoint.address());
        }
        String port = text.substring(colon + 1);
        if (!port.matches("\\d{1,5}") || Integer.parseInt(port) > MAX_PORT) {
            throw new IllegalArgumentException("(expected: an address, a prefix, IP:PORT or :PORT)");
        }
        int number = Integer.parseInt(port);
        if (colon == 0) {
            return endpoint -> endpoint.port() == number;
        }
        Predicate<IpAddress> addresses = addresses(text.substring(0, colon).replaceAll("[\\[\\]]", ""));
        return endpoint -> endpoint.port() == number && addresses.test(endpoint.address());
    }

    private static Predicate<IpAddress> addresses(String text) {
        IPAddress block;
        try {
            block = new IPAddressString(text).toAddress();
        } catch (AddressStringException e) {
            throw new IllegalArgumentException("(expected: an address or a prefix such as 10.0.0.0/8)", e);
        }
        if (block == null) {
            throw new IllegalArgumentException("(expected: an address or a prefix such as 10.0.0.0/8)");
        }
        IpAddress first = IpAddress.from(block.getLower().toInetAddress());
        IpAddress last = IpAddress.from(block.getUpper().toInetAddress());
        return address ->
                address.isIpv4() == first.isIpv4() && first.compareTo(address) <= 0 && address.compareTo(last) <= 0;
    }

    private static Set<SessionState> states(String text) {
        Set<SessionState> states = EnumSet.noneOf(SessionState.class);
        for (String word : new HashSet<>(List.of(text.split(",", -1)))) {
            states.add(Call.word(SessionState.class, word));
        }
        return states;
    }
}
