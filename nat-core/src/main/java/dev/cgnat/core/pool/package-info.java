/**
 * External addresses and how they are shared out. Inside of nat-core; callers use {@link dev.cgnat.core.Nat}.
 *
 * <pre>
 *   Pool ─┬─ SlotSpace                     what the configuration lets a draw choose from
 *         ├─ Pairing ──── AddressLoad      which address a subscriber is paired with
 *         └─ SlotBook ─┬─ Units ─ PortUnit … one unit per destination and address, as the reuse scope asks
 *                      ├─ SetAsides          pairs that somebody else holds
 *                      └─ HoldDown, PairUse  resting slots, and the totals
 * </pre>
 *
 * <p>Read first: RFC 4787 section 4.1 (paired pooling), RFC 7857 section 3 (one port, several remotes).
 */
@NullMarked
package dev.cgnat.core.pool;

import org.jspecify.annotations.NullMarked;
