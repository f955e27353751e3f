package dev.cgnat.bench.grade;

import dev.cgnat.core.CloseCause;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * Whether rests were told exactly: between the last refusal and the grant lies no more than a tenth. A machine that does nothing for
 * seconds leaves more between them, whatever the NAT did, and is given another chance.
 */
final class Exact {
    private static final int TRIES = 3;
    private static final int PART = 10;
    /** Of short rests. */
    private static final Duration ENOUGH = Duration.ofMillis(20);

    private Exact() {}

    /** Findings whose rests are exact, or the last of three. */
    static Findings examined(Callable<Findings> examination) throws Exception {
        Findings found = examination.call();
        for (int i = 1; i < TRIES && !isExact(found); i++) {
            found = examination.call();
        }
        return found;
    }

    private static boolean isExact(Findings found) {
        return List.of(CloseCause.CLIENT_FIN, CloseCause.SERVER_FIN, CloseCause.RESET).stream()
                .flatMap(cause -> found.rests().holdDown(cause).value().stream())
                .allMatch(Exact::isExact);
    }

    static boolean isExact(HoldDown seen) {
        Duration between = seen.atMost().minus(seen.atLeast());
        return seen.isNone()
                || between.compareTo(ENOUGH) <= 0
                || between.compareTo(seen.atMost().dividedBy(PART)) <= 0;
    }
}
