package dev.cgnat.bench.peers;

import dev.cgnat.bench.load.Endpoints;
import dev.cgnat.bench.load.Via;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A program between clients and server: how it is started, and how flows go through it.
 *
 * @param name in the report
 * @param program what must be installed, empty if nothing is started
 * @param arguments of the program; <code>${configuration}</code> is the file's path
 * @param configuration of {@link Configurations}, empty if it has none
 * @param values what the configuration's placeholders become
 * @param via how clients use it
 * @param listens where, {@code HOST:PORT}; it is ready when that accepts connections
 * @param target what clients name as their destination
 * @param loops threads that carry flows; 1 is pinned to a processor
 * @param isOurs a Java program, which is warmed up before it is pinned
 */
record Peer(
        String name,
        Optional<String> program,
        List<String> arguments,
        Optional<String> configuration,
        Map<String, String> values,
        Via via,
        Optional<String> listens,
        String target,
        int loops,
        boolean isOurs) {
    /** The same process, reached in another way. */
    Peer by(String otherName, Via otherVia, String otherTarget) {
        return new Peer(
                otherName, program, arguments, configuration, values, otherVia, listens, otherTarget, loops, isOurs);
    }

    /** SOCKS5 at 127.0.0.1. */
    static Via socks(int port) {
        return new Via.Socks5(InetSocketAddress.createUnresolved("127.0.0.1", port));
    }

    /** {@code 127.0.0.1:PORT}. */
    static String local(int port) {
        return Endpoints.text(InetSocketAddress.createUnresolved("127.0.0.1", port));
    }
}
