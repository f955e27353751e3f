package dev.cgnat.bench.report;

/**
 * What became of a threshold.
 *
 * @param text as it was given
 * @param value of its metric; times are in milliseconds
 */
public record ThresholdResult(String text, double value, boolean crossed) {}
