package dev.cgnat.bench.load;

/** What a proxy answered: the user event by which a handshake handler ends its work. */
public sealed interface HandshakeResult {
    /** The way to the target is open. */
    record Accepted() implements HandshakeResult {}

    /**
     * The proxy said no.
     *
     * @param reason a short word for reports
     * @param code the number that the protocol gives it: a reply of SOCKS, a status of HTTP
     */
    record Refused(String reason, int code) implements HandshakeResult {}
}
