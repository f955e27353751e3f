package dev.cgnat.bench;

import dev.cgnat.bench.report.SizeReport.Offered;
import dev.cgnat.bench.report.SizeReport.Recorded;
import dev.cgnat.bench.size.Clientele;
import dev.cgnat.bench.size.Trials;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What a pool is to be sized for.
 *
 * @param recorded absent if the flows are those of a workload
 * @param parameters of the report, by the name of the option
 */
record SizeDemand(
        Trials trials,
        Clientele clientele,
        Offered offered,
        Optional<Recorded> recorded,
        SortedMap<String, String> parameters) {}
