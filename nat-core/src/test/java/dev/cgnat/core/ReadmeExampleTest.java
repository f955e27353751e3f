package dev.cgnat.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.Subscriber;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.random.KeyedRandom;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadmeExampleTest {
    @Test
    void theExampleRuns() {
        // example
        PoolConfig pool = PoolConfig.defaults("main", List.of(AddressRange.single(IpAddress.ofIpv4(127, 0, 1, 1))));
        Nat nat = new Nat(NatConfig.of(pool), KeyedRandom.from(new SecureRandom()), event -> {});
        Endpoint internal = new Endpoint(IpAddress.ofIpv4(10, 0, 0, 7), 40_000);
        Endpoint web = new Endpoint(IpAddress.ofIpv4(192, 0, 2, 1), 80);
        Outcome outcome = nat.open(new FlowRequest("main", new Subscriber("10.0.0.7"), internal, web), 0);
        if (outcome instanceof Outcome.Granted granted) {
            nat.close(granted.binding(), CloseCause.CLIENT_FIN, 1_000_000_000L); // the slot rests for 60 s
            nat.expire(nat.nextDeadlineNanos(), 1_000); // 61 s: it is free again
        }
        // end of example
        assertThat(outcome).isInstanceOf(Outcome.Granted.class);
        assertThat(nat.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void itIsTheOneOfTheReadme() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        String source = Files.readString(Path.of("src/test/java/dev/cgnat/core/ReadmeExampleTest.java"));
        String example = source.substring(
                        source.indexOf("// example\n") + 11, source.lastIndexOf("        // end of example\n"))
                .stripTrailing()
                .stripIndent();
        assertThat(readme).contains("```java\n" + example + "\n```");
    }
}
