/**
 * The HTTP side of a proxy: health, readiness, metrics and the paths of {@code api}, and who may ask. Runs on an event loop of its own, so it
 * answers while the data plane is busy, and touches the data plane only through what it is given.
 *
 * <p>Read first: RFC 9110 sections 7.4 (421) and 15.5.6 (405), RFC 6750 (bearer tokens), RFC 9457 (problem bodies).
 */
@NullMarked
package dev.cgnat.proxy.admin;

import org.jspecify.annotations.NullMarked;
