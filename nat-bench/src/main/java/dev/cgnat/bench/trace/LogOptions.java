package dev.cgnat.bench.trace;

import java.time.ZoneId;
import java.util.Optional;

/**
 * How logs are to be read.
 *
 * @param format empty: told by the beginning of each file
 * @param columns for {@link LogFormat#CSV}
 * @param zone of times that name none: those of nfdump, and of CSV
 * @param inside whose flows they are
 */
public record LogOptions(Optional<LogFormat> format, Optional<CsvColumns> columns, ZoneId zone, Inside inside) {
    public LogOptions {
        if (columns.isPresent() && format.isPresent() && format.get() != LogFormat.CSV) {
            throw new IllegalArgumentException("columns: with another format (expected: with csv)");
        }
        if (columns.isEmpty() && format.isPresent() && format.get() == LogFormat.CSV) {
            throw new IllegalArgumentException("format: csv without columns (expected: with columns)");
        }
    }
}
