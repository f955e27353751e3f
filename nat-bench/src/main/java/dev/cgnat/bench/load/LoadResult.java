package dev.cgnat.bench.load;

import java.time.Duration;
import java.util.Optional;

/**
 * What a run came to.
 *
 * @param subscribers source addresses that took part
 * @param elapsed from the first intended beginning to the end of the arrivals
 * @param connect from the intended beginning until established
 * @param echo from the intended beginning until the payload was back
 * @param refusal from the intended beginning until refused
 * @param lateness from the intended to the real beginning
 * @param firstRefusal since the first intended beginning; absent if nothing was refused
 */
public record LoadResult(
        LoadPlan plan,
        int subscribers,
        Duration elapsed,
        LoadCounts counts,
        LatencySummary connect,
        LatencySummary echo,
        LatencySummary refusal,
        LatencySummary lateness,
        Optional<Duration> firstRefusal) {}
