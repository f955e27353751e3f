package dev.cgnat.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.proxy.testing.GatewayLab;
import dev.cgnat.proxy.testing.GatewayLab.Host;
import org.junit.jupiter.api.Test;

/** {@code config/transparent/gateway.sh}, by itself. */
class GatewayScriptIT {
    private static final String SCRIPT = "../config/transparent/gateway.sh";

    @Test
    void gatewayComesAndGoesAndLeavesNothing() throws Exception {
        try (GatewayLab lab = GatewayLab.up("tproxy")) {
            assertThat(lab.script("up")).startsWith("up (tproxy) already");
            assertThat(lab.script("status")).startsWith("up (tproxy)").contains("tproxy ip6 to [::1]:15001");
            assertThat(lab.run(Host.GATEWAY, "ip", "-6", "rule")).contains("fwmark 0x1 lookup 100");

            assertThat(lab.script("up", "redirect")).startsWith("up (redirect): ");
            assertThat(lab.script("status")).startsWith("up (redirect)").contains("redirect to :15002");
            assertThat(lab.run(Host.GATEWAY, "ip", "-6", "rule")).doesNotContain("fwmark");

            lab.script("down");
            assertThat(lab.script("down")).isEmpty();
            assertThat(lab.runAround("ip", "netns", "list")).isEmpty();
            assertThat(lab.runAround("ip", "-o", "link").lines())
                    .singleElement()
                    .asString()
                    .contains(" lo: ");
            assertThat(lab.runAround("nft", "list", "ruleset")).isEmpty();
            assertThat(lab.runAround("bash", "-c", SCRIPT + " status || echo ended with $?"))
                    .isEqualTo("gateway.sh: down\nended with 3\n");
        }
    }

    @Test
    void gatewayThatCannotBeFinishedIsTakenDown() throws Exception {
        try (GatewayLab lab = GatewayLab.up("tproxy")) {
            lab.script("down");
            String failing = "ip() { [[ $* != *'nft -f'* ]] && command ip \"$@\"; }; export -f ip; ";
            assertThat(lab.runAround("bash", "-c", failing + SCRIPT + " up || echo ended with $?"))
                    .isEqualTo("ended with 1\n");
            assertThat(lab.runAround("ip", "netns", "list")).isEmpty();
        }
    }

    @Test
    void nobodyButRootIsServed() throws Exception {
        try (GatewayLab lab = GatewayLab.up("tproxy")) {
            assertThat(lab.runAround("bash", "-c", "unshare --user bash " + SCRIPT + " down || echo ended with $?"))
                    .isEqualTo("gateway.sh: namespaces and rules of the firewall need root\nended with 1\n");
            assertThat(lab.script("status")).startsWith("up (tproxy)");
        }
    }

    @Test
    void mistakesAreNamed() throws Exception {
        try (GatewayLab lab = GatewayLab.up("redirect")) {
            assertThat(lab.runAround("bash", "-c", SCRIPT + " up bridge || echo ended with $?"))
                    .isEqualTo(
                            "gateway.sh: bridge: no such kind of gateway (expected: tproxy or redirect)\nended with 2\n");
            assertThat(lab.runAround("bash", "-c", SCRIPT + " || echo ended with $?"))
                    .isEqualTo("gateway.sh: usage: gateway.sh up [tproxy|redirect] | down | status\nended with 2\n");
        }
    }
}
