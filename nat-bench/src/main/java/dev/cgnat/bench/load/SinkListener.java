package dev.cgnat.bench.load;

/** Hears of every connection of a {@link SinkServer}, on its event loops: several threads at once, and must not block. */
public interface SinkListener {
    void opened(Sighting sighting);

    /** The same connection as {@link #opened} told, now with its end. */
    void closed(Sighting sighting);
}
