/**
 * The figures of RFC 9693 by TCP connections: how fast a NAT's table can be loaded without a loss, how fast it is emptied, and how
 * much it holds. From outside, over sockets only.
 *
 * <p>Read first: RFC 9693 on the two test phases, on the maximum connection establishment rate and its validation, on the tear-down
 * rate and on the capacity of the table; what their terms mean for TCP is in the README of nat-bench.
 */
@NullMarked
package dev.cgnat.bench.rfc9693;

import org.jspecify.annotations.NullMarked;
