/** How Netty reaches the kernel on this machine. Used by every package that makes a channel, in nat-bench too. */
@NullMarked
package dev.cgnat.proxy.transport;

import org.jspecify.annotations.NullMarked;
