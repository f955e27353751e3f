package dev.cgnat.bench.trace;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a log comes from.
 *
 * @param name for messages
 */
public record LogSource(String name, Opener opener) {
    /** Opens it; called once. */
    @FunctionalInterface
    public interface Opener {
        InputStream open() throws IOException;
    }

    public static LogSource of(Path file) {
        return new LogSource(file.toString(), () -> Files.newInputStream(file));
    }

    InputStream open() throws IOException {
        return opener.open();
    }
}
