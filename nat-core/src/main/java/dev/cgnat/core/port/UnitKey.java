package dev.cgnat.core.port;

import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.Protocol;

/**
 * What makes one unit differ from the others of its pool.
 *
 * @param remoteHigh high half of the remote address, 0 if any
 * @param remoteLow low half of the remote address, 0 if any
 * @param remote protocol, and remote port or what takes its place; made by the factories
 * @param region number of the run of ports among which one may be drawn
 */
public record UnitKey(long remoteHigh, long remoteLow, int remote, int region) {
    private static final int ANY_PORT = 0x1_0000;
    private static final int OWNED = 0x1_0001;
    private static final int CARRYING = 0x1_0002;
    private static final int PROTOCOL_SHIFT = 17;
    private static final Protocol[] PROTOCOLS = Protocol.values();

    /** Slots that are used once whatever the destination. */
    public static UnitKey anyRemote(Protocol protocol, int region) {
        return new UnitKey(0, 0, remote(protocol, ANY_PORT), region);
    }

    public static UnitKey remoteHost(Protocol protocol, Endpoint remote, int region) {
        return new UnitKey(remote.address().high(), remote.address().low(), remote(protocol, ANY_PORT), region);
    }

    public static UnitKey remoteEndpoint(Protocol protocol, Endpoint remote, int region) {
        return new UnitKey(remote.address().high(), remote.address().low(), remote(protocol, remote.port()), region);
    }

    /** Slots that are taken out of use for all other units of their region. */
    public static UnitKey owned(Protocol protocol, int region) {
        return new UnitKey(0, 0, remote(protocol, OWNED), region);
    }

    /** Slots that are used in some other unit of their region, so that they cannot be owned. */
    public static UnitKey carrying(Protocol protocol, int region) {
        return new UnitKey(0, 0, remote(protocol, CARRYING), region);
    }

    /** Whether the slots are taken out of use for all other units of their region. */
    public boolean isOwned() {
        return (remote & ((1 << PROTOCOL_SHIFT) - 1)) == OWNED;
    }

    public Protocol protocol() {
        return PROTOCOLS[remote >>> PROTOCOL_SHIFT];
    }

    /** The same destination in another region. */
    public UnitKey at(int otherRegion) {
        return new UnitKey(remoteHigh, remoteLow, remote, otherRegion);
    }

    private static int remote(Protocol protocol, int port) {
        return protocol.number() << PROTOCOL_SHIFT | port;
    }
}
