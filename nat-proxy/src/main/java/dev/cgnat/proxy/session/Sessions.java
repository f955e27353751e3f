package dev.cgnat.proxy.session;

import dev.cgnat.core.CloseCause;
import java.util.Optional;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Predicate;

/**
 * The live flows by their ids.
 *
 * <p>Assumes
 * <ul>
 *   <li>a session is added once, and removed once after that, by whatever thread;
 *   <li>ids are dense: those of one time are near to each other.
 * </ul>
 *
 * <p>Guarantees
 * <ul>
 *   <li>whoever looks waits for nobody, and nobody waits for him;
 *   <li>a session that was there before a look began and until it ended is seen once; one that came or went meanwhile may be;
 *   <li>a look is in the order of the ids;
 *   <li>a long look has {@link Rests}: whoever looks is in less of a hurry than flows.
 * </ul>
 *
 * <p><b>Costs</b>: add and remove O(log n) in the n / 64 shelves, some 150 ns; size O(1). 5 bytes per session, and up to 400 where one
 * alone of 64 neighbours is left.
 */
/*
 * Ids stand on shelves of 64, so that a tree of shelves is small enough for the caches of a processor. A shelf that has become
 * empty is taken down for good under its own lock; who comes for it too late puts up another.
 */
public final class Sessions {
    private static final int SHELF_BITS = 6;
    private static final int SHELF = 1 << SHELF_BITS;

    private final ConcurrentNavigableMap<Long, Shelf> shelves = new ConcurrentSkipListMap<>();
    private final AtomicInteger size = new AtomicInteger();
    private final Watcher watcher;

    /** Told on the event loop of the flow; must return at once. */
    public interface Watcher {
        void opened(Session session);

        void closed(Session session, CloseCause cause);

        /** Nobody. */
        static Watcher none() {
            return new Watcher() {
                @Override
                public void opened(Session session) {}

                @Override
                public void closed(Session session, CloseCause cause) {}
            };
        }
    }

    public Sessions(Watcher watcher) {
        this.watcher = watcher;
    }

    /** Sessions that live. */
    public int size() {
        return size.get();
    }

    /** A flow was granted its port. */
    public void add(Session session) {
        long number = session.id() >>> SHELF_BITS;
        while (!shelves.computeIfAbsent(number, missing -> new Shelf()).put(session)) {
            Thread.onSpinWait(); // it is being taken down
        }
        size.incrementAndGet();
        watcher.opened(session);
    }

    /** A flow has ended; to be told before its port is given back, so that no two are seen on one. */
    public void remove(Session session, CloseCause cause) {
        long number = session.id() >>> SHELF_BITS;
        Shelf shelf = shelves.get(number);
        if (shelf != null && shelf.take(session)) {
            shelves.remove(number, shelf);
        }
        size.decrementAndGet();
        watcher.closed(session, cause);
    }

    public Optional<Session> find(long id) {
        Shelf shelf = shelves.get(id >>> SHELF_BITS);
        return shelf == null ? Optional.empty() : Optional.ofNullable(shelf.places.get(place(id)));
    }

    /** Shows those with ids of at least {@code first}, ascending, until {@code visitor} says false. */
    public void ascend(long first, Predicate<Session> visitor) {
        long number = first >>> SHELF_BITS;
        Rests rests = new Rests();
        for (var entry : shelves.tailMap(number, true).entrySet()) {
            int from = entry.getKey() == number ? place(first) : 0;
            for (int place = from; place < SHELF; place++) {
                Session session = entry.getValue().places.get(place);
                if (session != null && !visitor.test(session)) {
                    return;
                }
            }
            rests.restIfDue();
        }
    }

    /** Shows those with ids of at most {@code last}, descending, until {@code visitor} says false. */
    public void descend(long last, Predicate<Session> visitor) {
        long number = last >>> SHELF_BITS;
        Rests rests = new Rests();
        for (var entry : shelves.headMap(number, true).descendingMap().entrySet()) {
            int from = entry.getKey() == number ? place(last) : SHELF - 1;
            for (int place = from; place >= 0; place--) {
                Session session = entry.getValue().places.get(place);
                if (session != null && !visitor.test(session)) {
                    return;
                }
            }
            rests.restIfDue();
        }
    }

    private static int place(long id) {
        return (int) (id & SHELF - 1);
    }

    private static final class Shelf {
        private final AtomicReferenceArray<Session> places = new AtomicReferenceArray<>(SHELF);
        /** Sessions on it, negative once it is taken down. Guarded by this. */
        private int taken;

        /** False if the shelf is taken down. */
        synchronized boolean put(Session session) {
            if (taken < 0) {
                return false;
            }
            taken++;
            places.setRelease(place(session.id()), session);
            return true;
        }

        /** Whether that was the last, so that the shelf must go. */
        synchronized boolean take(Session session) {
            places.setRelease(place(session.id()), null);
            taken--;
            if (taken == 0) {
                taken = -1;
            }
            return taken < 0;
        }
    }
}
