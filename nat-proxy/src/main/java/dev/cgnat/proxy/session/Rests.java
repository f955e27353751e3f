package dev.cgnat.proxy.session;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * The rests of one long piece of work that is in less of a hurry than flows: it sleeps a moment after each bit of
 * {@value #WORK_MICROS} µs, so that no flow waits much longer than that for the processor that it has.
 *
 * <p><b>Ownership</b>: the thread that works. <b>Costs</b>: the work takes up to twice as long by the clock, and a percent more of the
 * processor.
 */
/*
 * Sleeping, not Thread.yield(): a scheduler that shares the processor fairly gives it back to who yields as soon as that one's share
 * is due, or at once if whoever waits is of another group of processes.
 */
public final class Rests {
    private static final long WORK_MICROS = 100;
    /** Linux makes it some 50 µs longer (timer slack). */
    private static final long REST_MICROS = 50;

    private final LongSupplier nanoTime;
    private final LongConsumer sleepNanos;
    private long sinceNanos;

    /** Work begins now. */
    public Rests() {
        this(System::nanoTime, LockSupport::parkNanos);
    }

    Rests(LongSupplier nanoTime, LongConsumer sleepNanos) {
        this.nanoTime = nanoTime;
        this.sleepNanos = sleepNanos;
        sinceNanos = nanoTime.getAsLong();
    }

    /** Rests if it is time to; to be called every few microseconds of work. */
    public void restIfDue() {
        if (nanoTime.getAsLong() - sinceNanos >= TimeUnit.MICROSECONDS.toNanos(WORK_MICROS)) {
            sleepNanos.accept(TimeUnit.MICROSECONDS.toNanos(REST_MICROS));
            sinceNanos = nanoTime.getAsLong();
        }
    }
}
