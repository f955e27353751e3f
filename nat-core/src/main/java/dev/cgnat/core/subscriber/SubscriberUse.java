package dev.cgnat.core.subscriber;

import dev.cgnat.core.address.Subscriber;

/** How many flows of one subscriber live, and how many of its slots rest. <b>Ownership</b>: one thread. */
public final class SubscriberUse {
    private final Subscriber subscriber;
    private int live;
    private int held;

    SubscriberUse(Subscriber subscriber) {
        this.subscriber = subscriber;
    }

    public Subscriber subscriber() {
        return subscriber;
    }

    /** Live flows. */
    public int live() {
        return live;
    }

    /** Live flows and held slots together. */
    public int ports() {
        return live + held;
    }

    public void opened() {
        live++;
    }

    public void released() {
        live--;
    }

    public void laidToRest() {
        live--;
        held++;
    }

    public void rested() {
        held--;
    }
}
