package dev.cgnat.proxy.diagnose;

import dev.cgnat.core.config.PoolConfig;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * What ails a pool, told by its history.
 *
 * @param window from the first sample to the last
 * @param findings at least one, the one behind most failed flows first; {@link Verdict#NONE} alone if nothing is wrong
 */
public record Diagnosis(String pool, Duration window, List<Finding> findings) {
    public Diagnosis {
        findings = List.copyOf(findings);
        if (findings.isEmpty()) {
            throw new IllegalArgumentException("findings: [] (expected: at least one)");
        }
    }

    /** The finding behind most failed flows. */
    public Finding first() {
        return findings.get(0);
    }

    /**
     * What {@code samples} tell.
     *
     * @param samples of {@code pool} in their order; fewer than two tell that nothing is known yet
     */
    public static Diagnosis of(PoolConfig pool, List<PoolSample> samples) {
        if (samples.size() < 2) {
            return new Diagnosis(
                    pool.name(),
                    Duration.ZERO,
                    List.of(new Finding(Verdict.NONE, "too early to tell", Map.of(), List.of())));
        }
        Observation seen = new Observation(samples);
        List<Finding> findings = new Complaints(seen)
                .all().stream()
                        .sorted(Comparator.comparingLong(Complaints.Complaint::flows)
                                .reversed())
                        .map(complaint -> complaint.finding().get())
                        .toList();
        return new Diagnosis(
                pool.name(),
                Duration.ofNanos(seen.last().atNanos() - seen.first().atNanos()),
                findings.isEmpty() ? List.of(new Complaints(seen).quiet()) : findings);
    }
}
