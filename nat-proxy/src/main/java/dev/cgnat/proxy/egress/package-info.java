/**
 * From a request to a connected socket on a pool endpoint.
 *
 * <pre>
 *   Egress.open ──► Descriptors ──► NatGate (the lock around Nat) ──► EgressAttempt: bind, connect
 *                                      ▲ timer: hold-down, waiting room     │ foreign socket: set aside, draw again
 *                                      └─────────────────────────────────────┘
 * </pre>
 *
 * <p>Read first: RFC 6888 REQ-8 and REQ-11; connect(2), bind(2), tcp(7).
 */
@NullMarked
package dev.cgnat.proxy.egress;

import org.jspecify.annotations.NullMarked;
