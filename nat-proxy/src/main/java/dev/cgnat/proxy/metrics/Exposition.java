package dev.cgnat.proxy.metrics;

/**
 * What a scrape returns.
 *
 * @param contentType for the HTTP header of that name
 * @param text Prometheus text 0.0.4 or OpenMetrics 1.0.0, as {@code contentType} says
 */
public record Exposition(String contentType, String text) {}
