/**
 * One scenario, two clocks: what a scenario is, and what a real run of it is recorded as and compared by.
 *
 * <pre>
 *   scenario.yaml ──► Scenario ──► sockets: a real proxy, whose NAT is recorded ──► Recording ──► Repetition: the same decisions?
 *                        └───────► virtual time: the simulator                          └───────► curves of use, beside each other
 * </pre>
 *
 * <p>Nothing here opens a socket. Records are immutable; a {@link dev.cgnat.bench.twin.Recorder} may be told by any thread.
 */
@NullMarked
package dev.cgnat.bench.twin;

import org.jspecify.annotations.NullMarked;
