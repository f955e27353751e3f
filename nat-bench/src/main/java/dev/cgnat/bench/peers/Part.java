package dev.cgnat.bench.peers;

import dev.cgnat.bench.peers.PeersReport.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The questions that {@code peers} asks. */
public enum Part {
    /** Short connections per processor second. */
    CPS(new ShortPart(), true),
    /** Bytes per processor second, and how evenly flows share them. */
    BULK(new BulkPart(), true),
    /** What a peer adds to the time of a request, and of a connection. */
    LATENCY(new LatencyPart(), true),
    /** Two loops on two processors. */
    LOOPS(new LoopsPart(), true),
    /** What an idle flow occupies. */
    MEMORY(new MemoryPart(), true),
    /** How the last ports of a pool are found. */
    EXHAUSTION(new ExhaustionPart(), true),
    /** The same few ports over and over. */
    CHURN(new ChurnPart(), true),
    /** A great many connections, and as many as there are descriptors for. */
    SOAK(new SoakPart(), false);

    /** One question. */
    interface Question {
        /** What is asked when the user names none: ends within ten minutes. */
        public static List<Part> usual() {
            return Arrays.stream(values()).filter(part -> part.isUsual).toList();
        }

        List<Table> ask(Lab lab, Effort effort) throws PeersException;
    }

    private final Question question;
    private final boolean isUsual;

    Part(Question question, boolean isUsual) {
        this.question = question;
        this.isUsual = isUsual;
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
        return Arrays.stream(values()).filter(part -> part.isUsual).toList();
    }

    List<Table> ask(Lab lab, Effort effort) throws PeersException {
        return new ArrayList<>(question.ask(lab, effort));
    }
}
