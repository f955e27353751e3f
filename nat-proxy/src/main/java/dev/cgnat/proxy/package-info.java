/**
 * The NAT over real sockets: {@link dev.cgnat.proxy.NatProxy} for programs, {@link dev.cgnat.proxy.NatProxyMain} for the
 * command line. Everything below this package is its inside, except the configuration.
 *
 * <p>Read first: RFC 1928 (SOCKS 5), RFC 9110 section 9.3.6 (CONNECT), RFC 5382 (TCP through a NAT).
 */
@NullMarked
package dev.cgnat.proxy;

import org.jspecify.annotations.NullMarked;
