package dev.cgnat.proxy.admin.events;

import java.util.Locale;

/** The kinds of events, as {@code types=} names them. */
public enum EventType {
    SAMPLE(300),
    SESSION(4096),
    BLOCK(1024),
    ALARM(256),
    CONFIG(256);

    private final int kept;
    private final String label = name().toLowerCase(Locale.ROOT);

    EventType(int kept) {
        this.kept = kept;
    }

    /** How many are kept for who comes back. */
    int kept() {
        return kept;
    }

    public String label() {
        return label;
    }
}
