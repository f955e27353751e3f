package dev.cgnat.core.model;

import dev.cgnat.core.Outcome.Refused;
import dev.cgnat.core.Refusal;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.Set;

/**
 * What may become of a flow.
 *
 * @param pairs those that it may be granted; if empty it must be refused
 * @param reasons those for which it may be refused; if empty it must be granted
 * @param earliest the least that {@code notBefore} may be if the reason is HELD
 * @param latest the most that it may be
 */
record Verdict(BitSet pairs, Set<Refusal> reasons, long earliest, long latest) {
    static Verdict granted(BitSet pairs) {
        return new Verdict(pairs, EnumSet.noneOf(Refusal.class), 0, 0);
    }

    static Verdict refused(Refusal first, Refusal... others) {
        return new Verdict(new BitSet(), EnumSet.of(first, others), 0, 0);
    }

    static Verdict held(long earliest, long latest) {
        return new Verdict(new BitSet(), EnumSet.of(Refusal.HELD), earliest, latest);
    }

    /** Which of the two it is remains to be found out. */
    static Verdict heldOrExhausted() {
        return refused(Refusal.HELD, Refusal.EXHAUSTED);
    }

    /** Either of two refusals. */
    Verdict or(Verdict other) {
        Set<Refusal> either = EnumSet.copyOf(reasons);
        either.addAll(other.reasons);
        if (!reasons.contains(Refusal.HELD) || !other.reasons.contains(Refusal.HELD)) {
            Verdict held = reasons.contains(Refusal.HELD) ? this : other;
            return new Verdict(pairs, either, held.earliest, held.latest);
        }
        return new Verdict(pairs, either, Math.min(earliest, other.earliest), Math.max(latest, other.latest));
    }

    Verdict orRefused(Refusal reason) {
        Set<Refusal> more = EnumSet.of(reason);
        more.addAll(reasons);
        return new Verdict(pairs, more, earliest, latest);
    }

    boolean mustBeRefused() {
        return pairs.isEmpty();
    }

    boolean mustBeGranted() {
        return reasons.isEmpty();
    }

    boolean isHeldOrExhausted() {
        return pairs.isEmpty() && reasons.contains(Refusal.HELD) && reasons.contains(Refusal.EXHAUSTED);
    }

    /** Whether the flow may be refused like that. */
    boolean allows(Refused refused) {
        boolean isTimely = refused.reason() == Refusal.HELD
                ? earliest <= refused.notBeforeNanos() && refused.notBeforeNanos() <= latest
                : refused.notBeforeNanos() == Refused.NEVER;
        return reasons.contains(refused.reason()) && isTimely;
    }
}
