package dev.cgnat.core.model;

import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.Protocol;

/**
 * What one flow or mapping needs for itself alone: a pair, towards as much of the far side as the reuse scope tells apart.
 *
 * @param address index of the external address, 0 in scope {@code host}
 * @param port index of the usable port
 * @param remote the part of the destination that the scope tells apart; {@link #ANYWHERE} if none
 * @param remotePort likewise; 0 if none
 * @param isWide whether it needs the pair towards every destination
 * @param isLegacy whether it needs the port on every address
 */
record Spot(
        Protocol protocol, int address, int port, IpAddress remote, int remotePort, boolean isWide, boolean isLegacy) {
    static final IpAddress ANYWHERE = new IpAddress(0, 0);

    /** Whether no two flows may have both at a time. */
    boolean meets(Spot other) {
        return port == other.port && (address == other.address || isLegacy || other.isLegacy) && isTowards(other);
    }

    /** Whether no two flows may have both at a time if both are on the same pair. */
    boolean isTowards(Spot other) {
        return protocol == other.protocol
                && (isWide || other.isWide || (remotePort == other.remotePort && remote.equals(other.remote)));
    }

    /** Whether {@code other} is one of the spots among which a flow to the same place may be given one. */
    boolean isOfSameUnit(Spot other) {
        return protocol == other.protocol && remotePort == other.remotePort && remote.equals(other.remote);
    }
}
