package dev.cgnat.bench;

import dev.cgnat.bench.load.AdminCounters;
import dev.cgnat.bench.load.LatencySummary;
import dev.cgnat.bench.load.LoadCounts;
import dev.cgnat.bench.load.RunningLoad;
import dev.cgnat.bench.report.RunReport.Sample;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.DoubleSupplier;
import org.HdrHistogram.Histogram;

/** How a load goes on: by the clients' counts, and by the proxy's where it is asked. */
final class LoadCourse implements SampleSeries.Source {
    private final RunningLoad driver;
    private final Optional<AdminCounters> proxy;
    private final Optional<LatencyLog> log;
    private long established;
    private Map<String, Long> refused;

    /** @param before what the proxy had refused when the load began */
    LoadCourse(
            RunningLoad driver,
            Optional<AdminCounters> proxy,
            Optional<AdminCounters.Reading> before,
            Optional<LatencyLog> log) {
        this.driver = driver;
        this.proxy = proxy;
        this.log = log;
        refused = before.<Map<String, Long>>map(AdminCounters.Reading::refused).orElse(Map.of());
    }

    @Override
    public Optional<Sample> sample(DoubleSupplier seconds) throws InterruptedException {
        Optional<AdminCounters.Reading> reading;
        try {
            reading = proxy.isPresent() ? Optional.of(proxy.get().read()) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
        Histogram connects = driver.connectInterval();
        log.ifPresent(file -> file.write(connects));
        LoadCounts counts = driver.counts();
        Map<String, Long> reasons =
                reading.<Map<String, Long>>map(AdminCounters.Reading::refused).orElse(counts.refused());
        Sample sample = new Sample(
                seconds.getAsDouble(),
                ports(reading, "in_use"),
                ports(reading, "held"),
                ports(reading, "reserved"),
                ports(reading, "free"),
                counts.live(),
                counts.established() - established,
                Refusals.between(refused, reasons),
                Optional.of(LatencySummary.of(connects)));
        established = counts.established();
        refused = new TreeMap<>(reasons);
        return Optional.of(sample);
    }

    private static int ports(Optional<AdminCounters.Reading> reading, String state) {
        return reading.map(proxy -> proxy.ports(state)).orElse(0);
    }
}
