package dev.cgnat.bench.trace;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;

/** Reads numbers and times out of rows; the usual spellings without an object. */
final class RowNumbers {
    private static final long SECOND = 1_000_000_000;
    /** Later times would not fit nanoseconds in a long; they end in 2262. */
    private static final long LATEST_SECOND = Long.MAX_VALUE / SECOND - 1;

    private static final int NANO_DIGITS = 9;
    /** A number with more digits before the point is not a time. */
    private static final int MOST_DIGITS = 10;

    private static final DateTimeFormatter LOCAL = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .appendLiteral(' ')
            .appendPattern("HH:mm:ss")
            .optionalStart()
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, NANO_DIGITS, true)
            .optionalEnd()
            .toFormatter();

    private final ZoneId zone;

    /** @param zone of times that name none */
    RowNumbers(ZoneId zone) {
        this.zone = zone;
    }

    /** A number of seconds, 0 or more, in nanoseconds; what is finer is cut off. */
    static long seconds(Row row, Column column) throws BrokenLineException {
        long nanos = plainSeconds(row, column);
        return nanos >= 0 ? nanos : scientific(row, column);
    }

    /** A moment, as nanoseconds since 1970: seconds, RFC 3339, or a date and a time with a blank between. */
    long moment(Row row, Column column) throws BrokenLineException {
        long nanos = plainSeconds(row, column);
        if (nanos >= 0) {
            return nanos;
        }
        String text = row.string(column).trim();
        try {
            Instant instant = text.indexOf('T') > 0
                    ? Instant.from(DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(text))
                    : LocalDateTime.parse(text, LOCAL).atZone(zone).toInstant();
            if (instant.getEpochSecond() >= 0 && instant.getEpochSecond() < LATEST_SECOND) {
                return instant.getEpochSecond() * SECOND + instant.getNano();
            }
        } catch (DateTimeParseException e) {
            if (text.indexOf('-') < 0) {
                return scientific(row, column);
            }
        } catch (DateTimeException e) {
            // told below
        }
        throw BrokenLineException.of(
                column, text, "a time from 1970 to 2262, in seconds since 1970 or as 2026-01-31 12:00:00");
    }

    /** A whole number. */
    static int whole(Row row, Column column, int most) throws BrokenLineException {
        int length = row.length(column);
        int value = 0;
        for (int i = 0; i < length; i++) {
            int digit = row.charAt(column, i) - '0';
            if (digit < 0 || digit > 9) {
                value = most + 1;
                break;
            }
            value = value * 10 + digit;
            if (value > most) {
                break;
            }
        }
        if (length == 0 || value > most) {
            throw BrokenLineException.of(column, row.string(column), "0 to " + most);
        }
        return value;
    }

    /** Seconds written with digits and at most one point, in nanoseconds; -1 if they are written otherwise. */
    private static long plainSeconds(Row row, Column column) {
        int length = row.length(column);
        long nanos = 0;
        int decimals = -1;
        for (int i = 0; i < length; i++) {
            char c = row.charAt(column, i);
            int digit = c - '0';
            if (digit >= 0 && digit <= 9) {
                if (decimals < NANO_DIGITS) {
                    nanos = nanos * 10 + digit;
                    decimals += decimals >= 0 ? 1 : 0;
                }
            } else if (c == '.' && decimals < 0 && i > 0) {
                decimals = 0;
            } else {
                return -1;
            }
            if (decimals < 0 && i >= MOST_DIGITS) {
                return -1;
            }
        }
        for (int i = Math.max(decimals, 0); i < NANO_DIGITS; i++) {
            nanos *= 10;
        }
        return length == 0 || nanos > LATEST_SECOND * SECOND ? -1 : nanos;
    }

    /** What JSON writers make of small numbers: {@code 1.1e-05}. */
    private static long scientific(Row row, Column column) throws BrokenLineException {
        try {
            BigDecimal seconds = row.length(column) > 40
                    ? BigDecimal.ONE.negate()
                    : new BigDecimal(row.string(column).trim());
            if (seconds.signum() >= 0
                    && Math.abs(seconds.scale()) < 100
                    && seconds.compareTo(BigDecimal.valueOf(LATEST_SECOND)) < 0) {
                return seconds.movePointRight(NANO_DIGITS)
                        .setScale(0, RoundingMode.DOWN)
                        .longValueExact();
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw BrokenLineException.of(column, row.string(column), "a number of seconds, 0 or more");
    }
}
