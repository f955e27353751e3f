package dev.cgnat.bench.load;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Remembers every connection: for tests and measurements of bounded length, about 150 bytes each.
 *
 * <p>Thread-safe; {@link #all()} is a moment's copy.
 */
public final class Sightings implements SinkListener {
    private record Key(Object peer, Object local, long openNanos) {}

    private final Map<Key, Sighting> byKey = new LinkedHashMap<>();

    @Override
    public synchronized void opened(Sighting sighting) {
        byKey.put(key(sighting), sighting);
    }

    @Override
    public synchronized void closed(Sighting sighting) {
        byKey.put(key(sighting), sighting);
    }

    /** In the order of their beginning. */
    public synchronized List<Sighting> all() {
        return new ArrayList<>(byKey.values());
    }

    private static Key key(Sighting sighting) {
        return new Key(sighting.peer(), sighting.local(), sighting.openNanos());
    }
}
