package dev.cgnat.bench.size;

import dev.cgnat.core.Binding;
import dev.cgnat.core.CloseCause;
import dev.cgnat.core.FlowRequest;
import dev.cgnat.core.Nat;
import dev.cgnat.core.Outcome;
import dev.cgnat.core.Outcome.Granted;
import dev.cgnat.core.Outcome.Refused;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.Subscriber;
import dev.cgnat.core.config.NatConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** A {@link Nat} that clients fill to the brim at time 0, and what it says then. */
final class Brim {
    /** Far more than any pool of one address has blocks. */
    private static final int MOST_SUBSCRIBERS = 3_000;

    private static final int FIRST_CLIENT_PORT = 32_768;
    private static final int CLIENT_PORTS = 28_232;

    private final Nat nat;
    private final String pool;
    private final List<Binding> bindings = new ArrayList<>();
    private int flows;

    /**
     * What some clients came to.
     *
     * @param subscribers who were granted anything
     * @param refused the last refusal
     */
    record Fill(int granted, int subscribers, Refused refused) {
        String text() {
            return granted + " granted to " + subscribers + (subscribers == 1 ? " subscriber" : " subscribers")
                    + ", then " + refused.reason().label() + " ("
                    + refused.why().text() + ")";
        }
    }

    Brim(NatConfig config) {
        nat = new Nat(config, new SplittableRandom(1), event -> {});
        pool = config.pools().get(0).name();
    }

    static Endpoint destination(int index) {
        return new Endpoint(IpAddress.ofIpv4(203, 0, 113, 1 + index), 443);
    }

    /** One subscriber asks until it is refused, each time from another port of its own. */
    Fill fill(int subscriber, int destination) {
        int granted = 0;
        while (true) {
            Outcome outcome = ask(subscriber, destination, 0);
            if (outcome instanceof Refused refused) {
                return new Fill(granted, granted == 0 ? 0 : 1, refused);
            }
            granted++;
        }
    }

    /** One subscriber after the other does, until one gets nothing. */
    Fill fillByAll(int destination) {
        int granted = 0;
        for (int subscriber = 0; subscriber < MOST_SUBSCRIBERS; subscriber++) {
            Fill fill = fill(subscriber, destination);
            granted += fill.granted();
            if (fill.granted() == 0) {
                return new Fill(granted, subscriber, fill.refused());
            }
        }
        throw new IllegalStateException(MOST_SUBSCRIBERS + " subscribers did not fill it");
    }

    void closeAll(CloseCause cause) {
        bindings.forEach(binding -> nat.close(binding, cause, 0));
        bindings.clear();
    }

    /** One flow more; {@code nowNanos} may never go back. */
    Outcome ask(int subscriber, int destination, long nowNanos) {
        IpAddress address = IpAddress.ofIpv4(127, 0, 0, 0).plus(subscriber);
        Endpoint internal = new Endpoint(address, FIRST_CLIENT_PORT + flows++ % CLIENT_PORTS);
        Outcome outcome = nat.open(
                new FlowRequest(pool, new Subscriber(address.toString()), internal, destination(destination)),
                nowNanos);
        if (outcome instanceof Granted granted) {
            bindings.add(granted.binding());
        }
        return outcome;
    }
}
