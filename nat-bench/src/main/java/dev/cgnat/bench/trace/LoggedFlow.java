package dev.cgnat.bench.trace;

import dev.cgnat.core.address.Protocol;

/**
 * What one line of a log tells. Used again for every line.
 */
/*
 * More than seven fields, as that is what a line has; they are public to the package since readers set them and nobody keeps
 * the object.
 */
final class LoggedFlow {
    Protocol protocol = Protocol.TCP;
    Host source = Host.NOBODY;
    Host destination = Host.NOBODY;
    int sourcePort;
    int destinationPort;
    /** Nanoseconds since 1970. */
    long startNanos;
    /** Not before the start. */
    long endNanos;

    Ending ending = Ending.UNKNOWN;
}
