package dev.cgnat.proxy.config;

import java.util.Locale;

/**
 * One thing that is wrong, or looks wrong, with a configuration.
 *
 * @param file as the caller named it; {@code profile NAME}, {@code --profile NAME} or {@code --set KEY=VALUE} for what
 *     did not come from a file
 * @param line counted from 1; 0 if the problem has no place inside {@code file}
 * @param column counted from 1, in characters; 0 if there is no line
 * @param path the key, such as {@code pools[0].reuse-scope}; empty if the problem is not about one key
 * @param message the value and what was expected instead; one line
 */
public record ConfigProblem(String file, int line, int column, Severity severity, String path, String message) {
    /** Whether the configuration can be used nevertheless. */
    public enum Severity {
        ERROR,
        WARNING
    }

    /** As a compiler prints it: {@code cgnat.yaml:15:16: error: pools[0].reuse-scope: five-tuple (expected: …)}. */
    @Override
    public String toString() {
        String place = line == 0 ? file : file + ":" + line + ":" + column;
        String subject = path.isEmpty() ? "" : path + ": ";
        return place + ": " + severity.name().toLowerCase(Locale.ROOT) + ": " + subject + message;
    }
}
