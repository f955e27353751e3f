/**
 * What Prometheus may know: the meter catalogue, and the handles with which the data plane counts.
 *
 * <p>Read first: nat-proxy/METRICS.md.
 */
@NullMarked
package dev.cgnat.proxy.metrics;

import org.jspecify.annotations.NullMarked;
