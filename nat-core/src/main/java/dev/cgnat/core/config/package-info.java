/**
 * What a {@link dev.cgnat.core.Nat} is told once: validated records, one per concern, defaults in {@code defaults()}.
 * Free for every caller; a record that exists is legal, so nothing is checked again further in.
 *
 * <p>Read first: RFC 4787 section 4.1 (pooling), RFC 6888 REQ-2, REQ-4 and REQ-8.
 */
@NullMarked
package dev.cgnat.core.config;

import org.jspecify.annotations.NullMarked;
