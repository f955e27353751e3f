package dev.cgnat.core;

import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.PortRange;
import dev.cgnat.core.address.Subscriber;

/**
 * Ports of one external address that are lent to one subscriber, for all protocols.
 *
 * @param ports from the block's first to its last port; excluded ports in between are not part of it
 */
public record PortBlock(String pool, Subscriber subscriber, IpAddress address, PortRange ports) {}
