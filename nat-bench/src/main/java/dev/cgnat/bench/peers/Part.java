package dev.cgnat.bench.peers;

import dev.cgnat.bench.peers.PeersReport.Table;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The questions that {@code peers} asks. */
public enum Part {
    /** Short connections per processor second. */
    CPS,
    /** Bytes per processor second, and how evenly flows share them. */
    BULK,
    /** What a peer adds to the time of a request, and of a connection. */
    LATENCY,
    /** Two loops on two processors. */
    LOOPS,
    /** What an idle flow occupies. */
    MEMORY,
    /** How the last ports of a pool are found. */
    EXHAUSTION,
    /** The same few ports over and over. */
    CHURN,
    /** The admin API over very many sessions, and what it does to the flows. */
    ADMIN,
    /** A great many connections, and as many at a time as there are descriptors for. */
    SOAK;

    /** One question. */
    interface Question {
        List<Table> ask(Lab lab, Effort effort) throws PeersException;
    }

    /** As the user writes it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Labels of all. */
    public static List<String> labels() {
        return Arrays.stream(values()).map(Part::label).toList();
    }

    /** Empty if there is none of that name. */
    public static Optional<Part> parse(String label) {
        return Arrays.stream(values())
                .filter(part -> part.label().equals(label))
                .findFirst();
    }

    /** What is asked when the user names none: ends within ten minutes. */
    public static List<Part> usual() {
        return Arrays.stream(values()).filter(part -> part != SOAK).toList();
    }

    Question question() {
        return switch (this) {
            case CPS -> new ShortPart();
            case BULK -> new BulkPart();
            case LATENCY -> new LatencyPart();
            case LOOPS -> new LoopsPart();
            case MEMORY -> new MemoryPart();
            case EXHAUSTION -> new ExhaustionPart();
            case CHURN -> new ChurnPart();
            case ADMIN -> new AdminPart();
            case SOAK -> new SoakPart();
        };
    }
}
