/**
 * The port space: which slots are free, drawn, or resting. Inside of nat-core; callers use {@link dev.cgnat.core.Nat}.
 *
 * <pre>
 *   UnitKey ──► UnitTable ──► unit number         PortNumbers: index 0..P-1 ⇄ port number
 *               (UnitIndex)
 *                   │
 *               PortSpace        claim, release, draw: which tier a unit is in, and when it changes
 *               ┌───┴─────────────────────────┐
 *          SparseSlots                    DenseUnit
 *          1 … 24 slots: in the unit's    SlotTree   counts, four children to a node
 *                        Row                └─ Page  counts and bits of 32,768 slots
 *               … 64:    blocks of ints   UnitRests  its own resting slots
 *                        (Slab)
 *          more:         one set of all
 *                        units (LongSet)
 *               └───┬─────────────────────────┘
 *             HoldDown      resting slots: a RestRing per delay and dense unit, one per delay for the others
 * </pre>
 *
 * <p>{@code PairUse} tells which (address, port) pairs are in use, over all units.
 *
 * <p>Read first: {@code PortSpace}, then {@code Page}; RFC 6056 section 3.3 (what a port selection must provide), RFC 6888
 * REQ-8 (hold-down).
 */
@NullMarked
package dev.cgnat.core.port;

import org.jspecify.annotations.NullMarked;
