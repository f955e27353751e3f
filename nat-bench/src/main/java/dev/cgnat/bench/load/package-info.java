/**
 * Load over real sockets: an open-loop driver that plays many subscribers, and a sink that records whom it saw. It
 * knows a NAT from outside only, so it may attack any.
 *
 * <p>Read first: RFC 1928 (SOCKS5), RFC 9110 section 9.3.6 (CONNECT), RFC 9209 (Proxy-Status).
 */
@NullMarked
package dev.cgnat.bench.load;

import org.jspecify.annotations.NullMarked;
