package dev.cgnat.bench.grade;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.bench.load.Endpoints;
import dev.cgnat.bench.load.Via;
import dev.cgnat.core.CloseCause;
import dev.cgnat.core.address.PortRange;
import dev.cgnat.core.config.Mapping;
import dev.cgnat.core.config.ReuseScope;
import dev.cgnat.proxy.testing.Namespace;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The kernel's SNAT to 64 ports of one address, on the loopback of a namespace: clients and sinks are both here. */
final class KernelScenario {
    private static final int TRIES = 3;

    private KernelScenario() {}

    public static void main(String[] arguments) throws Exception {
        Namespace.command("nft", "add table ip nat");
        Namespace.command("nft", "add chain ip nat post { type nat hook postrouting priority 100 ; policy accept ; }");
        Iterator<String> networks =
                IntStream.range(0, 2 * TRIES).mapToObj(i -> "10." + (9 + i)).iterator();
        Findings found = examined(networks);
        if (!isUniform(found)) {
            found = examined(networks); // what the kernel draws at random looks otherwise 2 times in 1,000
        }
        check(found);
    }

    /** Each time with addresses of which the kernel remembers nothing. */
    private static Findings examined(Iterator<String> networks) throws Exception {
        return Exact.examined(() -> {
            String network = networks.next();
            for (String address : List.of(".1.0/28", ".2.0/29", ".3.1/32")) {
                Namespace.command("ip", "address", "add", network + address, "dev", "lo");
            }
            Namespace.command(
                    "nft",
                    "add rule ip nat post ip saddr " + network + ".1.0/28 ip daddr " + network
                            + ".2.0/29 meta l4proto tcp snat to " + network + ".3.1:20000-20063");
            GradePlan plan = new GradePlan(
                    List.of(new Via.Direct()),
                    Endpoints.parseList(network + ".2.1:9000-9001," + network + ".2.2:9000").stream()
                            .map(Endpoints::resolved)
                            .toList(),
                    false,
                    List.of(),
                    network + ".1.0/28",
                    13,
                    new GradePlan.Bounds(5_000, Duration.ofMinutes(2), Duration.ofSeconds(2)),
                    1);
            try (Grader grader = Grader.open(plan, text -> {})) {
                return grader.run();
            }
        });
    }

    private static boolean isUniform(Findings found) {
        return found.ports().selection().value().flatMap(Selection::kind).equals(Optional.of(Selection.Kind.UNIFORM));
    }

    private static void check(Findings found) {
        System.out.println(found);
        assertThat(found.sharing().scope().value()).contains(ReuseScope.FOUR_TUPLE);
        assertThat(found.sharing().mapping().value()) // the port that a client endpoint has, if the tuple is free
                .contains(Mapping.ENDPOINT_INDEPENDENT);
        assertThat(found.ports().range().value()).contains(new PortRange(20_000, 20_063));
        Selection selection = found.ports().selection().value().orElseThrow();
        assertThat(selection.prefer()).isEqualTo(Selection.Preference.SAME_PORT);
        assertThat(selection.kind()).contains(Selection.Kind.UNIFORM);
        assertThat(found.refusals().shape().value().map(Findings.Shape::kind)).contains(RefusalKind.SILENCE);
        for (CloseCause cause : List.of(CloseCause.CLIENT_FIN, CloseCause.SERVER_FIN, CloseCause.RESET)) {
            assertThat(found.rests().holdDown(cause).value().map(HoldDown::rounded))
                    .as(cause.toString())
                    .contains(Duration.ZERO);
        }
    }
}
