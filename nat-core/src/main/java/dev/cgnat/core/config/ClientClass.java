package dev.cgnat.core.config;

/**
 * How a client's sockets share the port space of a Windows host that has several addresses.
 *
 * <p>Ports that scalable sockets hold on some address are of no use to legacy ones; so once every port is taken on one
 * address, legacy sockets find none, whatever the other addresses have free.
 */
public enum ClientClass {
    /** With SO_PORT_SCALABILITY: a port is taken on one address. Every NAT's flows are of this kind. */
    SCALABLE,
    /** Without: a port is taken on all addresses at once. Only in pools of scope {@link ReuseScope#ADDRESS}. */
    LEGACY
}
