/**
 * Values that name who talks to whom: addresses, endpoints, ranges and subscribers. Immutable, free for every caller.
 *
 * <p>Read first: RFC 4787 section 2 (internal and external endpoints).
 */
@NullMarked
package dev.cgnat.core.address;

import org.jspecify.annotations.NullMarked;
