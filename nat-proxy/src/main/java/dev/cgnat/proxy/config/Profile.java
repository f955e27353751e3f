package dev.cgnat.proxy.config;

import java.time.LocalDate;

/**
 * A NAT or host that is known by name: values for pools, timeouts and limits, and where they come from.
 *
 * @param name as {@code profile} and {@code --profile} take it
 * @param description one line
 * @param source where the values were read
 * @param readOn when they were read there
 * @param confidence how far to trust them, and why
 * @param text the whole file
 */
public record Profile(
        String name, String description, String source, LocalDate readOn, String confidence, String text) {}
