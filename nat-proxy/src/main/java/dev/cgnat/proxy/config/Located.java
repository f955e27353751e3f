package dev.cgnat.proxy.config;

/**
 * A value that was read, with the place to blame if it does not go with another one.
 *
 * @param text as it was written
 */
public record Located<T>(T value, Position at, String text) {}
