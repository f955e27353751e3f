/**
 * What arithmetic says about a pool: slots, and slots ÷ hold time. Free for every caller; nothing here opens a socket.
 *
 * <p>Read first: RFC 6888 REQ-8 (why a port rests), RFC 7857 section 3 (reuse over destinations).
 */
@NullMarked
package dev.cgnat.bench.size;

import org.jspecify.annotations.NullMarked;
