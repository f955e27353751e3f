/**
 * The two halves of a flow: bytes, back-pressure, half-close, resets and idle limits.
 *
 * <pre>
 *   client ──RelayHandler──►  Flow  ◄──RelayHandler── outside
 *            reads again when        state, who closed first,
 *            the peer has written    idle timer, counters
 * </pre>
 *
 * <p>Read first: RFC 5382 REQ-2 and REQ-5, RFC 7857 section 2, RFC 9293 section 3.6 (closing).
 */
@NullMarked
package dev.cgnat.proxy.relay;

import org.jspecify.annotations.NullMarked;
