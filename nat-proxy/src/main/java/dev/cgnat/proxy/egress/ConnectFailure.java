package dev.cgnat.proxy.egress;

import dev.cgnat.proxy.transport.RouteProbe;
import dev.cgnat.proxy.transport.SocketError;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.Locale;

/** Why a destination was not reached, though the NAT granted a port. */
public enum ConnectFailure {
    /** The destination answered with a reset. */
    REFUSED,
    /** Nothing answered in time. */
    TIMEOUT,
    NETWORK_UNREACHABLE,
    HOST_UNREACHABLE,
    /** The name has no IPv4 address. */
    NAME_NOT_RESOLVED,
    /** The pool has no address of the destination's family. */
    FAMILY_NOT_SUPPORTED;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** Lower case with underscores, such as {@code host_unreachable}. */
    public String label() {
        return label;
    }

    /**
     * Why {@code destination} was not reached from {@code source}. Netty's bridge to the kernel forgets by which error there is no
     * route, so the kernel is asked again.
     */
    static ConnectFailure of(Throwable cause, InetSocketAddress source, InetSocketAddress destination) {
        ConnectFailure failure = of(cause);
        return failure == HOST_UNREACHABLE
                        && cause instanceof NoRouteToHostException
                        && RouteProbe.isNetworkUnreachable(source, destination)
                ? NETWORK_UNREACHABLE
                : failure;
    }

    static ConnectFailure of(Throwable cause) {
        if (cause instanceof UnknownHostException) {
            return NAME_NOT_RESOLVED;
        }
        return switch (SocketError.of(cause)) {
            case TIMED_OUT -> TIMEOUT;
            case NETWORK_UNREACHABLE -> NETWORK_UNREACHABLE;
            case REFUSED -> REFUSED;
            default -> HOST_UNREACHABLE;
        };
    }
}
