/**
 * What each subscriber has at the moment. Inside of nat-core; callers use {@link dev.cgnat.core.Nat}.
 *
 * <p>Read first: RFC 6888 REQ-4 and REQ-5.
 */
@NullMarked
package dev.cgnat.core.subscriber;

import org.jspecify.annotations.NullMarked;
