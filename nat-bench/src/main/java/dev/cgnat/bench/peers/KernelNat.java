package dev.cgnat.bench.peers;

import dev.cgnat.bench.load.Via;
import dev.cgnat.bench.peers.work.WorkOrder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/**
 * The kernel's NAT between two namespaces, with clients in one and a server in the other.
 *
 * <pre>
 *   clients 10.11.0.0/16 ── 10.10.0.2 ═ 10.10.0.1  gateway  192.0.2.1 ═ 192.0.2.2 … 192.0.2.6 server
 *                                                 snat to 198.51.100.1
 * </pre>
 */
final class KernelNat {
    private static final String CLIENTS = "10.11.0.0/16";
    private static final int DESTINATIONS = 5;

    private final Namespace gateway;
    private final WorkerProcess clients;
    private final WorkerProcess server;

    private KernelNat(Namespace gateway, WorkerProcess clients, WorkerProcess server) {
        this.gateway = gateway;
        this.clients = clients;
        this.server = server;
    }

    /** Empty if nft is not installed. */
    static Optional<KernelNat> start(Lab lab, String ports) throws PeersException {
        Optional<Path> nft = Programs.find("nft");
        if (nft.isEmpty()) {
            return Optional.empty();
        }
        Namespace gateway = lab.own(lab.namespace().beside());
        Namespace inside = lab.own(lab.namespace().beside());
        Namespace outside = lab.own(lab.namespace().beside());
        connect(gateway, "inside", "10.10.0.1/24", inside, List.of("10.10.0.2/24"));
        connect(gateway, "outside", "192.0.2.1/24", outside, serverAddresses("/24"));
        inside.run("ip", "route", "add", "local", CLIENTS, "dev", "lo");
        inside.run("ip", "route", "add", "default", "via", "10.10.0.1");
        gateway.run("ip", "route", "add", CLIENTS, "via", "10.10.0.2");
        gateway.run("sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward");
        outside.run("ip", "route", "add", "default", "via", "192.0.2.1");
        Path rules = lab.options().directory().resolve("nat.nft");
        try {
            Files.writeString(rules, Configurations.render("nat.nft", Map.of("ports", ports)));
        } catch (IOException e) {
            throw new PeersException(rules + ": " + e.getMessage(), e);
        }
        gateway.run(nft.get().toString(), "-f", rules.toString());
        WorkerProcess server = lab.worker(outside, "nft-server", "127.5.0.0/16");
        WorkerProcess clients = lab.worker(inside, "nft-clients", CLIENTS);
        KernelNat nat = new KernelNat(gateway, clients, server);
        server.ask(WorkOrder.plain(WorkOrder.Kind.SERVE, nat.targets().toArray(String[]::new)));
        return Optional.of(nat);
    }

    private static void connect(
            Namespace gateway, String name, String address, Namespace other, List<String> otherAddresses)
            throws PeersException {
        gateway.run(
                "ip",
                "link",
                "add",
                "name",
                name,
                "type",
                "veth",
                "peer",
                "name",
                "gateway",
                "netns",
                "" + other.holder().pid());
        gateway.run("ip", "address", "add", address, "dev", name);
        gateway.run("ip", "link", "set", name, "up");
        for (String otherAddress : otherAddresses) {
            other.run("ip", "address", "add", otherAddress, "dev", "gateway");
        }
        other.run("ip", "link", "set", "gateway", "up");
    }

    private static List<String> serverAddresses(String suffix) {
        return IntStream.range(0, DESTINATIONS)
                .mapToObj(i -> "192.0.2." + (2 + i) + suffix)
                .toList();
    }

    /** Where the server listens. */
    List<String> targets() {
        return serverAddresses(":9000");
    }

    Via via() {
        return new Via.Direct();
    }

    WorkerProcess clients() {
        return clients;
    }

    WorkerProcess server() {
        return server;
    }

    /** Flows that the kernel counts; empty without the program {@code conntrack}. */
    OptionalLong flows() throws PeersException {
        Optional<Path> conntrack = Programs.find("conntrack");
        return conntrack.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(Long.parseLong(
                        gateway.run(conntrack.get().toString(), "-C").trim()));
    }
}
