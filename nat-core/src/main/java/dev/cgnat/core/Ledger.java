package dev.cgnat.core;

import dev.cgnat.core.Outcome.Granted;
import dev.cgnat.core.Outcome.Refused;
import dev.cgnat.core.pool.Place;
import dev.cgnat.core.subscriber.SubscriberTable;
import java.util.function.Consumer;

/** Books what was decided of a flow: at its pool, at its subscriber, and with the listener. <b>Ownership</b>: one thread. */
final class Ledger {
    private final SubscriberTable subscribers;
    private final Consumer<NatEvent> listener;
    private long lastId;

    Ledger(SubscriberTable subscribers, Consumer<NatEvent> listener) {
        this.subscribers = subscribers;
        this.listener = listener;
    }

    Granted granted(PoolDesk desk, FlowRequest request, Place place, long nowNanos) {
        desk.countGranted();
        Binding binding = new Binding(++lastId, request, desk, place);
        subscribers.opened(binding.owner(), request.protocol(), nowNanos);
        listener.accept(new NatEvent.Opened(binding, nowNanos));
        return new Granted(binding);
    }

    Refused refused(PoolDesk desk, FlowRequest request, Refused refused, long nowNanos) {
        desk.countRefused(refused.reason(), nowNanos);
        listener.accept(new NatEvent.Refused(request, refused, nowNanos));
        return refused;
    }

    /** A flow that waited has the {@code outcome} that was booked before. */
    void dequeued(long ticket, Outcome outcome, long nowNanos) {
        listener.accept(new NatEvent.Dequeued(ticket, outcome, nowNanos));
    }
}
