package dev.cgnat.core.port;

import org.jspecify.annotations.Nullable;

/** What rests in a dense unit: a ring for each delay, and where to look in the rings of the sparse units. */
/*
 * Slots that began to rest while the unit was sparse are in the shared rings, all of them before the entry that comes next
 * when this object is made. A cursor for each ring finds the first that is still there; it only goes forward, so that all
 * searches together read each entry once.
 */
final class UnitRests {
    final @Nullable RestRing[] own;
    final RestRing.Cursor[] shared;
    /** How many entries the shared rings had before this unit had rings of its own. */
    final long[] sharedBefore;

    /** Entries in {@link #own}. */
    int resting;

    UnitRests(RestRing[] sharedRings) {
        own = new @Nullable RestRing[sharedRings.length];
        shared = new RestRing.Cursor[sharedRings.length];
        sharedBefore = new long[sharedRings.length];
        for (int delay = 0; delay < sharedRings.length; delay++) {
            shared[delay] = new RestRing.Cursor();
            sharedBefore[delay] = sharedRings[delay].added();
        }
    }
}
