package dev.cgnat.proxy.client;

import dev.cgnat.proxy.config.ConfigLoader;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Times as the configuration has them: {@code 500ms}, {@code 1s}, {@code 2h4m}. */
final class DurationConverter implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
        try {
            return ConfigLoader.duration(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(text + " " + e.getMessage());
        }
    }

    static void requireBetween(String name, Duration value, Duration least, Duration most) throws ClientException {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw ClientException.usage(name + ": " + Column.seconds(value.toMillis() / 1e3) + " (expected: "
                    + Column.seconds(least.toMillis() / 1e3) + " to " + Column.seconds(most.toMillis() / 1e3) + ")");
        }
    }
}
