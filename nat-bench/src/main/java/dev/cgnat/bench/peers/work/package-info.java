/**
 * The far ends of the measurements of {@code natbench peers}: a process that plays clients, or the server behind a proxy,
 * as {@link dev.cgnat.bench.peers.work.WorkOrder} tells it.
 *
 * <p>A worker lives for the whole run, so its own code is compiled long before the first sample that counts.
 */
@NullMarked
package dev.cgnat.bench.peers.work;

import org.jspecify.annotations.NullMarked;
