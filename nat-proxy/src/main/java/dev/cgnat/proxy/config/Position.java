package dev.cgnat.proxy.config;

/**
 * Where something stands.
 *
 * @param file label of the source
 * @param line counted from 1; 0 = the source as a whole
 * @param column counted from 1; 0 = the source as a whole
 */
public record Position(String file, int line, int column) {
    /** A source as a whole. */
    public static Position whole(String file) {
        return new Position(file, 0, 0);
    }
}
