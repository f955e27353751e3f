/**
 * What an administrator changes while flows live: the configuration, and where new flows may go.
 *
 * <p>Read first: RFC 7857 section 4 (what happens to what leaves an address).
 */
@NullMarked
package dev.cgnat.proxy.control;

import org.jspecify.annotations.NullMarked;
