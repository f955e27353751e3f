package dev.cgnat.bench;

import java.io.FileNotFoundException;
import java.nio.file.Path;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/** A file of latency histograms by interval, in the format of HdrHistogram's own tools; values are nanoseconds. */
final class LatencyLog implements AutoCloseable {
    /** The column for people is in milliseconds. */
    private static final double NANOS_PER_MILLI = 1e6;

    private final HistogramLogWriter writer;
    private final long startMillis = System.currentTimeMillis();
    private double lastSeconds;

    private LatencyLog(HistogramLogWriter writer) {
        this.writer = writer;
    }

    static LatencyLog create(Path file, String what) throws CommandException {
        try {
            LatencyLog log = new LatencyLog(new HistogramLogWriter(file.toFile()));
            log.writer.outputComment("[" + what + "; nanoseconds, the maximum in milliseconds]");
            log.writer.outputLogFormatVersion();
            log.writer.outputStartTime(log.startMillis);
            log.writer.outputLegend();
            return log;
        } catch (FileNotFoundException e) {
            throw new CommandException(ExitCode.FAILURE, "hdr-log: " + file + " cannot be written (" + e + ")", e);
        }
    }

    /** What was since the histogram before, or since the beginning. */
    void write(Histogram nanos) {
        double seconds = (System.currentTimeMillis() - startMillis) / 1e3;
        writer.outputIntervalHistogram(lastSeconds, seconds, nanos, NANOS_PER_MILLI);
        lastSeconds = seconds;
    }

    @Override
    public void close() {
        writer.close();
    }
}
