package dev.cgnat.bench.grade;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.bench.load.Endpoints;
import dev.cgnat.bench.load.Via;
import dev.cgnat.core.CloseCause;
import dev.cgnat.core.address.PortRange;
import dev.cgnat.core.config.Mapping;
import dev.cgnat.core.config.ReuseScope;
import dev.cgnat.proxy.testing.Namespace;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** The kernel's SNAT to 64 ports of one address, on the loopback of a namespace: clients and sinks are both here. */
final class KernelScenario {
    private KernelScenario() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        for (String address : List.of("10.9.1.0/28", "10.9.2.0/29", "10.9.3.1/32")) {
            Namespace.command("ip", "address", "add", address, "dev", "lo");
        }
        Namespace.command("nft", "add table ip nat");
        Namespace.command("nft", "add chain ip nat post { type nat hook postrouting priority 100 ; policy accept ; }");
        Namespace.command(
                "nft",
                "add rule ip nat post ip saddr 10.9.1.0/28 ip daddr 10.9.2.0/29 meta l4proto tcp"
                        + " snat to 10.9.3.1:20000-20063");
        GradePlan plan = new GradePlan(
                List.of(new Via.Direct()),
                Endpoints.parseList("10.9.2.1:9000-9001,10.9.2.2:9000").stream()
                        .map(Endpoints::resolved)
                        .toList(),
                false,
                List.of(),
                "10.9.1.0/28",
                13,
                new GradePlan.Bounds(5_000, Duration.ofMinutes(1), Duration.ofSeconds(2)),
                1);
        try (Grader grader = Grader.open(plan, text -> {})) {
            check(grader.run());
        }
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
