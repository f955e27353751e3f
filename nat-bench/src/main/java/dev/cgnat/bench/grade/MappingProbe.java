package dev.cgnat.bench.grade;

import dev.cgnat.bench.load.Via;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.config.Mapping;
import java.util.Optional;

/**
 * Whether flows of one client endpoint to several destinations share an external endpoint (RFC 4787 section 4.1).
 *
 * <p>A NAT that keeps the client's port looks the same. So another subscriber takes the same port first: whoever then gets
 * another port, and keeps it for another destination, has a mapping.
 */
final class MappingProbe {
    private static final int ROUNDS = 2;

    private final Range range;
    private int shared;
    private int sharedOnOneHost;
    private int split;
    private int splitOnOneHost;

    MappingProbe(Range range) {
        this.range = range;
    }

    Finding<Mapping> run() {
        Via way = range.plan().ways().get(0);
        boolean isOneProxy =
                range.plan().ways().size() == 1 && (way instanceof Via.Socks5 || way instanceof Via.HttpConnect);
        if (isOneProxy) {
            return Finding.notSeen(
                    "not seen: a client endpoint has one connection to one proxy port; give a second --via into the same NAT");
        }
        if (!range.has(Destination.OTHER_HOST)) {
            return Finding.notSeen("not seen: needs a sink at another address");
        }
        for (int i = 0; i < ROUNDS; i++) {
            round();
        }
        return judged();
    }

    private void round() {
        Optional<Integer> subscriber = range.endpoints().freshSubscriber();
        if (subscriber.isEmpty()) {
            return;
        }
        Optional<Boolean> hosts = isShared(subscriber.get(), Destination.OTHER_HOST);
        if (hosts.isPresent()) {
            shared += hosts.get() ? 1 : 0;
            split += hosts.get() ? 0 : 1;
        }
        if (range.has(Destination.OTHER_PORT)) {
            Optional<Boolean> ports = isShared(subscriber.get(), Destination.OTHER_PORT);
            if (ports.isPresent()) {
                sharedOnOneHost += ports.get() ? 1 : 0;
                splitOnOneHost += ports.get() ? 0 : 1;
            }
        }
    }

    /** Empty if it cannot be told: a refusal, or a port that is the client's own. */
    private Optional<Boolean> isShared(int subscriber, Destination other) {
        Endpoint internal = range.endpoints().any(subscriber);
        range.endpoints()
                .freshSubscriber()
                .ifPresent(rival ->
                        range.open(rival, range.endpoints().take(rival, internal.port()), 0, Destination.MAIN));
        if (range.open(subscriber, internal, 0, Destination.MAIN) instanceof Attempt.Granted first
                && range.open(subscriber, internal, 1, other) instanceof Attempt.Granted second
                && first.flow().external().port() != internal.port()) {
            return Optional.of(first.flow().external().equals(second.flow().external()));
        }
        return Optional.empty();
    }

    private Finding<Mapping> judged() {
        if (shared + split == 0) {
            return Finding.notSeen("not seen: every external port was the client's own, or a flow was refused");
        }
        String evidence = shared + " of " + Text.count(shared + split, "client endpoint")
                + " kept their external endpoint to another address"
                + (sharedOnOneHost + splitOnOneHost == 0
                        ? ""
                        : ", " + sharedOnOneHost + " of " + (sharedOnOneHost + splitOnOneHost)
                                + " to another port of one address");
        if (split == 0) {
            return Finding.of(Mapping.ENDPOINT_INDEPENDENT, evidence);
        }
        return Finding.of(
                sharedOnOneHost > 0 && splitOnOneHost == 0
                        ? Mapping.ADDRESS_DEPENDENT
                        : Mapping.ADDRESS_AND_PORT_DEPENDENT,
                evidence);
    }
}
