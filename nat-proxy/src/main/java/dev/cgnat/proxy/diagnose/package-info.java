/**
 * What ails a pool: a bounded history of each, a forecast, an alarm with hysteresis, and a verdict with its evidence.
 *
 * <p>The sampler alone touches the NAT; what decides is pure. Read first: nat-proxy/METRICS.md, from "Diagnose" on.
 */
@NullMarked
package dev.cgnat.proxy.diagnose;

import org.jspecify.annotations.NullMarked;
