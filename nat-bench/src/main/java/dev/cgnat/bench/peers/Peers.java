package dev.cgnat.bench.peers;

import dev.cgnat.bench.load.Via;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The programs that are compared, with an address and a port of its own for each. */
final class Peers {
    static final String DIRECT = "direct";
    static final String OURS = "ours";
    static final String HAPROXY = "haproxy";
    static final String HAPROXY_TUNED = "haproxy-256k";
    static final String NGINX = "nginx";
    static final String MICROSOCKS = "microsocks";
    static final String DANTE = "dante";
    static final String NFT = "kernel-nft";
    /** The pools that are run dry. */
    static final String FEW_PORTS = "20000-20999";

    private static final String MANY_PORTS = "1024-65000";
    private static final List<Path> NGINX_MODULES = List.of(
            Path.of("/usr/lib/nginx/modules/ngx_stream_module.so"),
            Path.of("/usr/lib64/nginx/modules/ngx_stream_module.so"));

    private final LabOptions options;

    Peers(LabOptions options) {
        this.options = options;
    }

    /** Nothing between clients and server: the ceiling. */
    static Peer direct() {
        return new Peer(
                DIRECT,
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Map.of(),
                new Via.Direct(),
                Optional.empty(),
                Lab.TARGET,
                1,
                false);
    }

    /** Our forward, with everything on; port + 1 is SOCKS, port + 2 the metrics. */
    Peer ours(String name, int loops, int port) {
        return ours(name, loops, port, "speed.yaml", Map.of("source", "127.0.64." + (port % 4 * 64) + "/26"));
    }

    /** Our forward with 1,000 ports. */
    Peer oursSmall(String name, int port, String hold) {
        return oursSmall(name, port, hold, FEW_PORTS, "auto");
    }

    /** Our forward on one address. */
    Peer oursSmall(String name, int port, String hold, String ports, String sessions) {
        return ours(
                name,
                1,
                port,
                "small.yaml",
                Map.of("source", "127.0.4." + (port % 250), "hold", hold, "ports", ports, "sessions", sessions));
    }

    private Peer ours(String name, int loops, int port, String configuration, Map<String, String> more) {
        // One loop means one processor: pinned later, the Java machine would have laid itself out for all.
        List<String> arguments = List.of(
                "-XX:ActiveProcessorCount=" + loops,
                "-jar",
                options.ours().toString(),
                "run",
                "-c",
                "${configuration}");
        return ours(name, arguments, loops, port, configuration, more);
    }

    /** Ours, not pinned, with so many sessions that have no sockets beside those that come. */
    Peer crowd(String name, int port, int sessions) {
        List<String> arguments = List.of(
                "-cp",
                System.getProperty("java.class.path"),
                "dev.cgnat.bench.NatBenchMain",
                "peers",
                "crowd",
                "" + sessions,
                "${configuration}");
        return ours(
                name,
                arguments,
                Runtime.getRuntime().availableProcessors(),
                port,
                "crowd.yaml",
                Map.of("source", "127.0.66.0/29"));
    }

    private Peer ours(
            String name,
            List<String> arguments,
            int processors,
            int port,
            String configuration,
            Map<String, String> more) {
        List<String> all = new ArrayList<>(options.jvm());
        all.addAll(arguments);
        Map<String, String> values = new HashMap<>(more);
        values.putAll(
                Map.of("port", "" + port, "socks", "" + (port + 1), "admin", "" + (port + 2), "target", Lab.TARGET));
        return new Peer(
                name,
                Optional.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString()),
                all,
                Optional.of(configuration),
                Map.copyOf(values),
                new Via.Forward(),
                Optional.of(admin(port)), // the last that it opens
                Peer.local(port),
                processors,
                true);
    }

    /** Where our proxy at {@code port} tells its metrics. */
    static String admin(int port) {
        return Peer.local(port + 2);
    }

    /** The SOCKS listener of our proxy at {@code port}. */
    static Peer socks(Peer ours, int port) {
        return ours.by(ours.name(), Peer.socks(port + 1), Lab.TARGET);
    }

    /** A forward with a range of source ports. */
    static Peer haproxy(String name, String configuration, int threads, int port, String ports) {
        return new Peer(
                name,
                Optional.of("haproxy"),
                List.of("-db", "-f", "${configuration}"),
                Optional.of(configuration),
                Map.of(
                        "port",
                        "" + port,
                        "threads",
                        "" + threads,
                        "target",
                        Lab.TARGET,
                        "source",
                        "127.0.3." + (port % 250) + ":" + ports),
                new Via.Forward(),
                Optional.of(Peer.local(port)),
                Peer.local(port),
                threads,
                false);
    }

    static Peer haproxy() {
        return haproxy(HAPROXY, "haproxy.cfg", 1, 9301, MANY_PORTS);
    }

    static Peer haproxyTuned() {
        return haproxy(HAPROXY_TUNED, "haproxy-tuned.cfg", 1, 9302, MANY_PORTS);
    }

    static Peer haproxyTwo() {
        return haproxy("haproxy-nbthread-2", "haproxy.cfg", 2, 9305, MANY_PORTS);
    }

    static Peer haproxySmall() {
        return haproxy(HAPROXY + "-1000", "haproxy.cfg", 1, 9306, FEW_PORTS);
    }

    static Peer nginx(String name, int workers, int port) {
        String module = NGINX_MODULES.stream()
                .filter(Files::exists)
                .findFirst()
                .map(path -> "load_module " + path + ";")
                .orElse("# the stream module is built in");
        return new Peer(
                name,
                Optional.of("nginx"),
                Stream.of("-c", "${configuration}", "-e", "stderr").toList(),
                Optional.of("nginx.conf"),
                Map.of(
                        "module",
                        module,
                        "master",
                        workers > 1 ? "on" : "off",
                        "threads",
                        "" + workers,
                        "port",
                        "" + port,
                        "target",
                        Lab.TARGET,
                        "source",
                        "127.0.3." + (port % 250)),
                new Via.Forward(),
                Optional.of(Peer.local(port)),
                Peer.local(port),
                workers,
                false);
    }

    static Peer nginx() {
        return nginx(NGINX, 1, 9311);
    }

    static Peer microsocks() {
        int port = 9321;
        return new Peer(
                MICROSOCKS,
                Optional.of("microsocks"),
                List.of("-i", "127.0.0.1", "-p", "" + port, "-b", "127.0.3.121"),
                Optional.empty(),
                Map.of(),
                Peer.socks(port),
                Optional.of(Peer.local(port)),
                Lab.TARGET,
                1,
                false);
    }

    static Peer dante() {
        int port = 9331;
        return new Peer(
                DANTE,
                Optional.of("danted"),
                List.of("-f", "${configuration}", "-p", "/dev/null"),
                Optional.of("danted.conf"),
                Map.of("port", "" + port, "source", "127.0.3.131"),
                Peer.socks(port),
                Optional.of(Peer.local(port)),
                Lab.TARGET,
                1,
                false);
    }
}
