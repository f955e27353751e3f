/**
 * The decisions of a carrier-grade NAT as a library: {@link dev.cgnat.core.Nat} and what goes in and comes out of it.
 *
 * <p>This package is the only door: {@code address} and {@code config} hold the values that it takes, {@code port},
 * {@code pool} and {@code subscriber} are its inside and not for callers. Nothing here owns a clock, a thread, a lock or
 * a socket. Time comes in as nanoseconds, deadlines come out.
 *
 * <p>Read first: RFC 4787 sections 4.1 and 4.2, RFC 6888 section 3, RFC 7857 sections 3 and 4.
 */
@NullMarked
package dev.cgnat.core;

import org.jspecify.annotations.NullMarked;
