package dev.cgnat.core.pool;

import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.port.PortUnit;

/**
 * What one live flow takes from its pool.
 *
 * @param slot within {@code unit}
 * @param pair number of the (address, port) pair within the pool
 */
public record Claim(PortUnit unit, int slot, int pair, Endpoint external) {}
