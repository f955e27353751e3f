package dev.cgnat.bench.grade;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs the pool dry to one destination, one subscriber after the other, as far as the bounds allow. */
final class FillProbe {
    /** Subscribers in a row that get nothing at all: then the pool is dry, and not just they at their limit. */
    private static final int DRY_AFTER = 3;
    /** What it leaves of connections and time for the probes that follow. */
    private static final double SHARE = 0.6;

    private static final int ASKED_WHETHER_ALIVE = 64;

    private final Range range;
    private final int mostConnections;
    private final long mostNanos;
    private int inVain;
    private Optional<String> bound = Optional.empty();

    FillProbe(Range range) {
        this.range = range;
        mostConnections = (int) (range.plan().bounds().maxConnections() * SHARE);
        mostNanos = (long) (range.plan().bounds().maxTime().toNanos() * SHARE);
    }

    /**
     * How it ended.
     *
     * @param bound what ended it before the pool was dry; empty if it is dry
     * @param asked live flows that were asked afterwards whether they still stand
     * @param alive how many of these did
     */
    record Fill(Optional<String> bound, int asked, int alive) {
        boolean isDry() {
            return bound.isEmpty();
        }
    }

    Fill run() {
        for (int subscriber = 0; subscriber < range.endpoints().subscribers(); subscriber++) {
            fill(subscriber);
        }
        inVain = 0;
        while (bound.isEmpty() && inVain < DRY_AFTER) {
            Optional<Integer> fresh = range.endpoints().freshSubscriber();
            if (fresh.isEmpty()) {
                break;
            }
            fill(fresh.get());
        }
        List<Flow> sample = range.ledger().live();
        sample = sample.subList(0, Math.min(ASKED_WHETHER_ALIVE, sample.size()));
        return new Fill(bound, sample.size(), alive(sample, range));
    }

    /** How many of them answer within the plan's patience. */
    static int alive(List<Flow> flows, Range range) {
        List<CompletableFuture<Boolean>> answers = flows.stream()
                .map(flow -> flow.answers()
                        .completeOnTimeout(
                                false, range.plan().bounds().patience().toNanos(), TimeUnit.NANOSECONDS))
                .toList();
        return (int) answers.stream().filter(CompletableFuture::join).count();
    }

    private void fill(int subscriber) {
        int granted = 0;
        while (bound.isEmpty()) {
            bound = own();
            if (bound.isPresent()) {
                return;
            }
            Attempt attempt = range.open(subscriber, Destination.MAIN);
            if (attempt instanceof Attempt.Granted) {
                granted++;
                continue;
            }
            if (attempt instanceof Attempt.Bounded bounded) {
                bound = Optional.of(bounded.bound());
            } else if (attempt instanceof Attempt.Failed failed) {
                bound = Optional.of("a failure here: " + failed.why());
            } else {
                inVain = granted == 0 ? inVain + 1 : 0;
                return;
            }
        }
    }

    private Optional<String> own() {
        int live = range.ledger().granted().size();
        if (live >= range.maxLive()) {
            return Optional.of(String.format(Locale.ROOT, "%,d flows, as many as descriptors allow here", live));
        }
        if (range.budget().spent() >= mostConnections) {
            return Optional.of(String.format(Locale.ROOT, "%,d connections", mostConnections));
        }
        return range.budget().elapsedNanos() >= mostNanos ? Optional.of(Text.seconds(mostNanos)) : Optional.empty();
    }
}
