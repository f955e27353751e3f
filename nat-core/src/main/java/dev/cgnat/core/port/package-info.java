/**
 * The port space: which slots are free, drawn, or resting. Inside of nat-core; callers use {@link dev.cgnat.core.Nat}.
 *
 * <pre>
 *   PortSpace      index 0..P-1  ⇄  port numbers (ranges less exclusions)
 *   SlotTree       one bit per slot under a count tree: uniform draw by rank and select
 *   PortUnit       one SlotTree with its live / held / reserved counts
 *   HoldDown       FIFO rings of resting slots, one per distinct delay
 *   PairUse        which (address, port) pairs are in use, over all units
 * </pre>
 *
 * <p>Read first: RFC 6056 section 3.3 (what a port selection must provide), RFC 6888 REQ-8 (hold-down).
 */
@NullMarked
package dev.cgnat.core.port;

import org.jspecify.annotations.NullMarked;
