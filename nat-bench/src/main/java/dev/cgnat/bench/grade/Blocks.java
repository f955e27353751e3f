package dev.cgnat.bench.grade;

import java.util.OptionalInt;

/**
 * Ports that are lent to a subscriber in runs.
 *
 * @param size ports in a block; empty if it could not be told
 * @param maxPerSubscriber blocks at most; empty if no subscriber came to a limit
 */
public record Blocks(OptionalInt size, OptionalInt maxPerSubscriber) {}
