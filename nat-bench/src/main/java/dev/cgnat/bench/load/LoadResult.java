package dev.cgnat.bench.load;

import java.time.Duration;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/**
 * What a run came to. Times are in nanoseconds.
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
        Histogram connect,
        Histogram echo,
        Histogram refusal,
        Histogram lateness,
        Optional<Duration> firstRefusal) {}
