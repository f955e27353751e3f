package dev.cgnat.proxy.config;

/** Converts the text of one value. */
@FunctionalInterface
public interface Leaf<T> {
    /** Throws {@link IllegalArgumentException} whose message ends with {@code (expected: …)}. */
    T parse(String text);
}
