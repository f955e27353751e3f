package dev.cgnat.bench.load;

import java.net.InetSocketAddress;

/** The way to a target. */
public sealed interface Via {
    /** Straight there: nothing between, a NAT that is not seen, or a port that is itself a way through. */
    record Direct() implements Via {
        @Override
        public String toString() {
            return "direct";
        }
    }

    /**
     * The target is a port of the NAT that leads on without a word, so a connection that stands means nothing yet: the
     * flow is established when the first byte comes back, and refused when it is reset before.
     */
    record Forward() implements Via {
        @Override
        public String toString() {
            return "forward";
        }
    }

    /** Through a SOCKS5 server without authentication. */
    record Socks5(InetSocketAddress proxy) implements Via {
        @Override
        public String toString() {
            return "socks5://" + Endpoints.text(proxy);
        }
    }

    /** Through HTTP CONNECT. */
    record HttpConnect(InetSocketAddress proxy) implements Via {
        @Override
        public String toString() {
            return "http://" + Endpoints.text(proxy);
        }
    }

    /** {@code direct}, {@code forward}, {@code socks5://H:P} or {@code http://H:P}. */
    static Via parse(String text) {
        if (text.equals("direct")) {
            return new Direct();
        }
        if (text.equals("forward")) {
            return new Forward();
        }
        int colon = text.indexOf("://");
        String rest = colon < 0 ? "" : text.substring(colon + 3);
        return switch (colon < 0 ? "" : text.substring(0, colon)) {
            case "socks5", "socks5h" -> new Socks5(Endpoints.resolved(Endpoints.parse(rest)));
            case "http" -> new HttpConnect(Endpoints.resolved(Endpoints.parse(rest)));
            default ->
                throw new IllegalArgumentException(
                        "via: " + text + " (expected: direct, forward, socks5://HOST:PORT or http://HOST:PORT)");
        };
    }
}
