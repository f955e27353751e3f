package dev.cgnat.bench.jmh.opponents;

/** Lends slots 0 to n - 1. */
public interface PortAllocator {
    /** What {@link #grant} returns when it found no slot. */
    int REFUSED = -1;

    /** A slot that was free and is used from now on, or {@link #REFUSED}. */
    int grant();

    /** A used slot becomes free. */
    void release(int slot);
}
