package dev.cgnat.bench.processes;

import dev.cgnat.bench.load.LoadCounts;
import dev.cgnat.bench.load.LoadPlan;
import dev.cgnat.bench.load.LoadResult;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/**
 * What a driver process tells the one that started it, a line of JSON each. Histograms are in HdrHistogram's own compressed form,
 * so that adding them loses nothing.
 *
 * @param connects times of the flows that were established since the line before
 * @param settled nothing more will happen by itself
 * @param end the last line
 */
record Tell(LoadCounts counts, String connects, boolean settled, Optional<End> end) {

    /** Its {@link LoadResult} but for the counts. */
    record End(
            int subscribers,
            long elapsedNanos,
            String connect,
            String echo,
            String refusal,
            String lateness,
            OptionalLong firstRefusalNanos) {
        static End of(LoadResult result) {
            return new End(
                    result.subscribers(),
                    result.elapsed().toNanos(),
                    text(result.connect()),
                    text(result.echo()),
                    text(result.refusal()),
                    text(result.lateness()),
                    result.firstRefusal()
                            .map(after -> OptionalLong.of(after.toNanos()))
                            .orElse(OptionalLong.empty()));
        }

        LoadResult result(LoadPlan plan, LoadCounts counts) {
            return new LoadResult(
                    plan,
                    subscribers,
                    Duration.ofNanos(elapsedNanos),
                    counts,
                    histogram(connect),
                    histogram(echo),
                    histogram(refusal),
                    histogram(lateness),
                    firstRefusalNanos.stream().mapToObj(Duration::ofNanos).findFirst());
        }
    }

    static String text(Histogram histogram) {
        ByteBuffer buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        int length = histogram.encodeIntoCompressedByteBuffer(buffer);
        return Base64.getEncoder().encodeToString(Arrays.copyOf(buffer.array(), length));
    }

    static Histogram histogram(String text) {
        try {
            return Histogram.decodeFromCompressedByteBuffer(
                    ByteBuffer.wrap(Base64.getDecoder().decode(text)), 0);
        } catch (DataFormatException e) {
            throw new IllegalArgumentException("histogram: " + text + " (expected: one of HdrHistogram)", e);
        }
    }
}
