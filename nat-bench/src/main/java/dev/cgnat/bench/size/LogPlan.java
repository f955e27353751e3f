package dev.cgnat.bench.size;

import java.util.Optional;

/**
 * How a translation log is written, and how much of it there may be.
 *
 * @param budget absent if any amount will do
 */
public record LogPlan(LogVolume.Format format, Optional<LogBudget> budget) {
    /** Octets a day of what the proposed pool has to log. */
    public double bytesPerDay(Proposal proposal) {
        return proposal.trial().perDay().bytesPerDay(LogVolume.Policy.neededBy(proposal.pool()), format);
    }

    /** Whether that is within the budget. */
    public boolean allows(Proposal proposal) {
        return budget.isEmpty() || bytesPerDay(proposal) <= budget.get().bytesPerDay();
    }
}
