package dev.cgnat.bench.peers;

import dev.cgnat.bench.peers.PeersReport.Row;
import dev.cgnat.bench.peers.PeersReport.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One run: a laboratory, and one part after the other. */
public final class PeersRun implements AutoCloseable {
    private final Lab lab;
    private final List<Table> tables = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();

    private PeersRun(Lab lab) {
        this.lab = lab;
    }

    /** Sets up the laboratory. */
    public static PeersRun start(LabOptions options) throws PeersException {
        return new PeersRun(Lab.open(options));
    }

    /** Measures; a part that fails is named in the report, and the others are measured. */
    public void measure(List<Part> parts, Effort effort) {
        for (Part part : parts) {
            if (lab.isClosed()) {
                failures.add(part.label() + ": not measured");
                continue;
            }
            try {
                tables.addAll(part.question().ask(lab, effort));
            } catch (PeersException e) {
                failures.add(part.label() + ": " + e.getMessage());
            }
        }
    }

    /** What was measured so far. */
    public PeersReport report(Optional<String> processor) {
        List<String> warnings = new ArrayList<>(failures);
        int processors = Runtime.getRuntime().availableProcessors();
        if (processors < 2) {
            warnings.add("one processor only: peers, server and clients share it");
        }
        long rows = tables.stream().mapToLong(table -> table.rows().size()).sum();
        long loaded = tables.stream()
                .flatMap(table -> table.rows().stream())
                .mapToDouble((Row row) -> row.foreign().orElse(0))
                .filter(foreign -> foreign >= Sample.FOREIGN_LIMIT)
                .count();
        if (loaded > 0) {
            warnings.add("other programs used this machine during " + loaded + " of " + rows
                    + " rows (see foreign): rates and latencies mean little there, processor time per operation more");
        }
        return PeersReport.of(processor, processors, failures.isEmpty(), tables, warnings);
    }

    /** Stops everything; may be called by another thread, and ends a measurement. */
    @Override
    public void close() {
        lab.close();
    }
}
