package dev.cgnat.bench.grade;

import dev.cgnat.proxy.testing.Namespace;
import dev.cgnat.proxy.testing.Tools;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The examiner names what HAProxy and the kernel do with a range of ports; each in a namespace of its own. */
final class GradeOthersIT {
    private static final Duration GUARD = Duration.ofMinutes(8);

    @Test
    void haproxyQueuesThePortsOfItsSourceRange() throws Exception {
        Tools.require("haproxy");
        try (Namespace namespace = Namespace.create()) {
            namespace.run(HaproxyScenario.class, GUARD);
        }
    }

    @Test
    void theKernelKeepsTheClientsPortIfItCan() throws Exception {
        Tools.require("nft");
        try (Namespace namespace = Namespace.create()) {
            namespace.run(KernelScenario.class, GUARD);
        }
    }
}
