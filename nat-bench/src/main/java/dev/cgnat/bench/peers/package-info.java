/**
 * The measurements of {@code natbench peers}: the proxy of this project beside others, in one run on one machine.
 *
 * <pre>
 *   Peer ──────► Lab ◄────── Workload            Peer:        how a program is started, and reached
 *                 │           (worker processes)  Lab:         namespaces, processes, pinning, their processor time
 *                 ▼                               Workload:    {@link dev.cgnat.bench.peers.work.WorkOrder}
 *            Measurement                          Measurement: repeats, medians, load of others
 *                 │                               PeersReport: tables with ratios to one peer of the same run
 *                 ▼
 *            PeersReport
 * </pre>
 *
 * <p>A {@link dev.cgnat.bench.peers.Part} is one question: which peers, which orders, which figure.
 */
@NullMarked
package dev.cgnat.bench.peers;

import org.jspecify.annotations.NullMarked;
