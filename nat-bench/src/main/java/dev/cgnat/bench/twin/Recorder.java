package dev.cgnat.bench.twin;

import dev.cgnat.core.NatCall;
import dev.cgnat.core.NatEvent;
import java.util.ArrayList;
import java.util.List;

/** Takes down what a NAT is asked and decides. Thread-safe. <b>Costs</b>: about 300 bytes for each call. */
public final class Recorder {
    private final List<NatCall> calls = new ArrayList<>();
    private final List<Decision> decisions = new ArrayList<>();
    private long originNanos = Long.MAX_VALUE;

    /** The NAT was asked this just now. */
    public synchronized void asked(NatCall call) {
        calls.add(call);
        originNanos = Math.min(
                originNanos, System.nanoTime() - call.atNanos()); // the quickest telling is nearest to the truth
    }

    /** The NAT decided this. */
    public synchronized void decided(NatEvent event) {
        decisions.add(Decision.of(event));
    }

    /** All so far. */
    public synchronized Recording recording() {
        return new Recording(originNanos, calls, decisions);
    }
}
