package dev.cgnat.proxy.session;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The rests of one long piece of work that is in less of a hurry than flows: it offers the processor after each bit of
 * {@value #WORK_MICROS} µs, so that no flow waits much longer than that for the processor that it has.
 *
 * <p><b>Ownership</b>: the thread that works. <b>Costs</b>: a percent more of the processor if nobody takes it.
 */
/*
 * Yielding, not sleeping: a scheduler that shares the processor fairly lets who has slept go before those who worked meanwhile, and
 * holds it against nobody that he slept; who yields gives up what he is due. Measured on a busy machine (Linux 6.18), flows waited
 * several times as long behind one who slept 50 µs after each 100 µs; the price is that on such a machine queries wait long.
 */
public final class Rests {
    private static final long WORK_MICROS = 50;

    private final LongSupplier nanoTime;
    private final Runnable offer;
    private long sinceNanos;

    /** Work begins now. */
    @SuppressWarnings("ThreadPriorityCheck") // nothing depends on it but how long others wait
    public Rests() {
        this(System::nanoTime, Thread::yield);
    }

    Rests(LongSupplier nanoTime, Runnable offer) {
        this.nanoTime = nanoTime;
        this.offer = offer;
        sinceNanos = nanoTime.getAsLong();
    }

    /** Rests if it is time to; to be called every few microseconds of work. */
    public void restIfDue() {
        if (nanoTime.getAsLong() - sinceNanos >= TimeUnit.MICROSECONDS.toNanos(WORK_MICROS)) {
            offer.run();
            sinceNanos = nanoTime.getAsLong();
        }
    }
}
