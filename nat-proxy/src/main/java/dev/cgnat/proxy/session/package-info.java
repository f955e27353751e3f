/**
 * The live flows of all pools, for those who look at them from outside of the data path and may end them.
 *
 * <p>Event loops enter and leave flows; any other thread looks, without a lock that a flow would wait for.
 *
 * <p>Read first: RFC 7857 section 2 (the states of a flow).
 */
@NullMarked
package dev.cgnat.proxy.session;

import org.jspecify.annotations.NullMarked;
