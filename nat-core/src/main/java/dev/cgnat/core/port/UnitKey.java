package dev.cgnat.core.port;

import dev.cgnat.core.address.Endpoint;

/**
 * What makes one {@link PortUnit} differ from the others of its pool; {@link #ANY} where it does not matter.
 *
 * @param remoteHigh high half of the remote address, 0 if any
 * @param remoteLow low half of the remote address, 0 if any
 * @param remotePort remote port or {@link #ANY}
 * @param address index of the external address or {@link #ANY}
 */
public record UnitKey(long remoteHigh, long remoteLow, int remotePort, int address) {
    public static final int ANY = -1;

    public static UnitKey anyRemote(int address) {
        return new UnitKey(0, 0, ANY, address);
    }

    public static UnitKey remoteHost(Endpoint remote, int address) {
        return new UnitKey(remote.address().high(), remote.address().low(), ANY, address);
    }

    public static UnitKey remoteEndpoint(Endpoint remote, int address) {
        return new UnitKey(remote.address().high(), remote.address().low(), remote.port(), address);
    }

    /** The same destination at another external address. */
    public UnitKey at(int otherAddress) {
        return new UnitKey(remoteHigh, remoteLow, remotePort, otherAddress);
    }
}
