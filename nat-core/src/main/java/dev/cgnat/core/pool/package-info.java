/**
 * External addresses and how they are shared out. Inside of nat-core; callers use {@link dev.cgnat.core.Nat}.
 *
 * <pre>
 *   Pool ─┬─ Placer ─── which region: the plan's share, blocks, paired address, address order, limits per destination
 *         ├─ Draw ───── which slot of it: preference, then {@link dev.cgnat.core.select the selection}; BlockDraw: of several blocks
 *         ├─ Mappings   external endpoints that flows share
 *         ├─ BlockBook  what becomes of the slots of each port block: Blocks
 *         └─ SlotBook   what every slot is doing: Units, HoldDown, PairUse, SetAsides, Ownership, LegalSlots
 * </pre>
 *
 * <p>{@code Regions} numbers what all of them speak of: addresses, blocks, shares, pairs and slots. {@code Barred} says which
 * addresses and pairs are lent to nobody.
 *
 * <p>Read first: RFC 4787 section 4.1 (mapping, paired pooling), RFC 7857 sections 3 and 4 (one port, several remotes; a
 * full address), RFC 7422 section 2 (deterministic NAT).
 */
@NullMarked
package dev.cgnat.core.pool;

import org.jspecify.annotations.NullMarked;
