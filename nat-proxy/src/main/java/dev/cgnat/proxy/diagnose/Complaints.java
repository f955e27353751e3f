package dev.cgnat.proxy.diagnose;

import dev.cgnat.core.Refusal;
import dev.cgnat.proxy.metrics.OpenResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Puts the failed flows of a window down to one cause each. Pure. */
final class Complaints {
    private static final Refusal[] QUOTAS = {
        Refusal.SESSION_LIMIT, Refusal.PORT_LIMIT, Refusal.RATE_LIMIT, Refusal.DESTINATION_LIMIT
    };
    private static final Refusal[] DRY = {Refusal.HELD, Refusal.EXHAUSTED};
    private static final Refusal[] OUTSIDE = {Refusal.OS_BIND, Refusal.DESCRIPTORS, Refusal.DRAINING, Refusal.DENIED};
    private static final OpenResult[] FAILED = {OpenResult.REFUSED, OpenResult.TIMEOUT, OpenResult.UNREACHABLE};

    /** Of all requests, from which failed connections on are worth a word. */
    private static final double FAILURES = 0.05;

    private static final int MIN_FAILURES = 5;
    /** Of all pairs, that must be free for a dry pool of blocks to be short of blocks rather than ports. */
    private static final double FREE_IN_BLOCKS = 0.2;

    private final Observation seen;
    private final Optional<Leak> leak;

    /** @param flows how many failed for that cause; 0 for a leak that nobody has felt yet */
    record Complaint(long flows, Supplier<Finding> finding) {}

    Complaints(Observation seen) {
        this.seen = seen;
        leak = Leak.in(seen);
    }

    List<Complaint> all() {
        List<Complaint> complaints = new ArrayList<>();
        long dry = seen.refused(DRY);
        add(complaints, dry, () -> leak.map(this::leaking).orElseGet(this::dry));
        add(complaints, seen.refused(Refusal.SEARCH_GAVE_UP), this::searchLimit);
        add(complaints, seen.refused(Refusal.PAIRED_ADDRESS_FULL), this::pairing);
        add(complaints, seen.refused(Refusal.BLOCK_LIMIT), this::blockLimit);
        add(complaints, seen.refused(QUOTAS), this::quota);
        long outside = seen.refused(OUTSIDE);
        long failed = seen.opened(FAILED);
        if (outside > 0 || (failed >= MIN_FAILURES && failed >= FAILURES * seen.requests())) {
            add(complaints, outside + failed, this::notTheNat);
        }
        if (complaints.isEmpty() && leak.isPresent()) {
            complaints.add(new Complaint(0, () -> leaking(leak.get())));
        }
        return complaints;
    }

    /** Nothing is wrong. */
    Finding quiet() {
        return new Finding(
                Verdict.NONE,
                "no flow was refused, and connections do not fail more than usual",
                evidence("requests", seen.requests(), "pressure", seen.last().pressure()),
                List.of());
    }

    private static void add(List<Complaint> complaints, long flows, Supplier<Finding> finding) {
        if (flows > 0) {
            complaints.add(new Complaint(flows, finding));
        }
    }

    private Finding leaking(Leak found) {
        return new Finding(
                Verdict.LEAK,
                "live flows grow in number and age, while no more are asked for than before",
                evidence(
                        "sessionsBefore", found.sessionsBefore(),
                        "sessionsAfter", found.sessionsAfter(),
                        "growingForSeconds", found.seconds(),
                        "ageP95GrewBySeconds", found.ageGrowth(),
                        "requestsSecondHalfToFirst", found.arrivalGrowth(),
                        "refused", seen.refused(DRY)),
                List.of("natproxy sessions --sort age", "natproxy top --by ports"));
    }

    private Finding dry() {
        PoolSample fullest = seen.fullest();
        if (fullest.blocks() > 0
                && fullest.freeBlocks() == 0
                && fullest.pairs().free() >= FREE_IN_BLOCKS * fullest.pairs().capacity()) {
            return blocksOfOthers(fullest);
        }
        return fullest.heldSlots() > fullest.sessions() ? churn(fullest) : concurrency(fullest);
    }

    private Finding churn(PoolSample fullest) {
        return new Finding(
                Verdict.CHURN,
                "more slots rest than live",
                evidence(
                        "held", fullest.heldSlots(),
                        "live", fullest.sessions(),
                        "grantedPerSecond",
                                perSecond(seen.last().granted() - seen.first().granted()),
                        "refused", seen.refused(DRY)),
                List.of("natproxy top --by new", "natproxy explain --subscriber S --dest IP:PORT"));
    }

    private Finding concurrency(PoolSample fullest) {
        return new Finding(
                Verdict.CONCURRENCY,
                "as many flows live at once as there are slots for where they go",
                evidence(
                        "live", fullest.sessions(),
                        "held", fullest.heldSlots(),
                        "ports", fullest.pairs().capacity(),
                        "free", fullest.pairs().free(),
                        "pressure", fullest.pressure(),
                        "ageMedianSeconds", fullest.ages().median(),
                        "refused", seen.refused(DRY)),
                List.of("natproxy top --by ports", "natproxy explain --subscriber S --dest IP:PORT"));
    }

    private Finding blocksOfOthers(PoolSample fullest) {
        return new Finding(
                Verdict.BLOCKS,
                "no block is free, while ports in the blocks of others are",
                evidence(
                        "blocks", fullest.blocks(),
                        "freeBlocks", fullest.freeBlocks(),
                        "freePorts", fullest.pairs().free(),
                        "ports", fullest.pairs().capacity(),
                        "subscribers", fullest.subscribers(),
                        "refused", seen.refused(DRY)),
                List.of("natproxy blocks"));
    }

    private Finding searchLimit() {
        return new Finding(
                Verdict.SEARCH_LIMIT,
                "the search ends while ports are free",
                evidence(
                        "refused",
                        seen.refused(Refusal.SEARCH_GAVE_UP),
                        "free",
                        seen.fullest().pairs().free(),
                        "pressure",
                        seen.fullest().pressure()),
                List.of("natproxy explain --subscriber S --dest IP:PORT"));
    }

    private Finding pairing() {
        return new Finding(
                Verdict.PAIRING,
                "subscribers' own addresses are full while others have free ports",
                evidence(
                        "refused",
                        seen.refused(Refusal.PAIRED_ADDRESS_FULL),
                        "free",
                        seen.fullest().pairs().free(),
                        "ports",
                        seen.fullest().pairs().capacity()),
                List.of("natproxy pools -o wide", "natproxy top --by ports"));
    }

    private Finding blockLimit() {
        return new Finding(
                Verdict.BLOCKS,
                "subscribers have all the blocks that they may have, and no free port in them",
                evidence(
                        "refused",
                        seen.refused(Refusal.BLOCK_LIMIT),
                        "subscribersAtLimit",
                        seen.fullest().subscribersAtLimit(),
                        "subscribers",
                        seen.fullest().subscribers(),
                        "freeBlocks",
                        seen.fullest().freeBlocks()),
                List.of("natproxy blocks", "natproxy top --by ports"));
    }

    private Finding quota() {
        Map<String, Number> evidence = new LinkedHashMap<>();
        for (Refusal reason : QUOTAS) {
            if (seen.refused(reason) > 0) {
                evidence.put(reason.label(), seen.refused(reason));
            }
        }
        evidence.put("subscribersAtLimit", seen.fullest().subscribersAtLimit());
        evidence.put("subscribers", seen.fullest().subscribers());
        return new Finding(
                Verdict.QUOTA,
                "subscribers or destinations have all that they may have",
                evidence,
                List.of("natproxy top --by ports", "natproxy explain --subscriber S --dest IP:PORT"));
    }

    private Finding notTheNat() {
        Map<String, Number> evidence = new LinkedHashMap<>();
        evidence.put("requests", seen.requests());
        for (OpenResult result : FAILED) {
            evidence.put(result.label(), seen.opened(result));
        }
        for (Refusal reason : OUTSIDE) {
            if (seen.refused(reason) > 0) {
                evidence.put(reason.label(), seen.refused(reason));
            }
        }
        return new Finding(
                Verdict.NOT_THE_NAT,
                "flows fail, but not for want of a port",
                evidence,
                List.of("natproxy status", "natproxy sessions"));
    }

    private double perSecond(long count) {
        return count * 1e9 / (seen.last().atNanos() - seen.first().atNanos());
    }

    /** @param pairs a name, a number, and so on */
    private static Map<String, Number> evidence(Object... pairs) {
        Map<String, Number> evidence = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            evidence.put((String) pairs[i], (Number) pairs[i + 1]);
        }
        return evidence;
    }
}
