/**
 * Which free slot of a unit a new flow is given. Inside of nat-core; callers use {@link dev.cgnat.core.Nat}.
 *
 * <pre>
 *   UnitView        what a selector sees of a unit: is a slot free, claim it, how many were looked at
 *   PortSelector    claims one slot or gives up; a class for each of {@link dev.cgnat.core.config.PortSelection}
 *   PortParity      prefers a slot whose port is even or odd, as the client's is
 * </pre>
 *
 * <p>The imitations of other NATs choose and give up as these do. They never evict a live flow to make room, as some of the
 * originals do (RFC 6888 REQ-11D forbids it).
 *
 * <p>Read first: RFC 6056 section 3.3 (the five algorithms), RFC 7857 sections 9 and 10 (parity, randomisation).
 */
@NullMarked
package dev.cgnat.core.select;

import org.jspecify.annotations.NullMarked;
