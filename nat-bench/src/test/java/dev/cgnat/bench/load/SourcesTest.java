package dev.cgnat.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cgnat.core.address.PortRange;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

final class SourcesTest {
    private static final PortRange THREE = new PortRange(3000, 3002);

    @Test
    void portsTakeTurnsFromTheGivenStart() {
        Sources sources = Sources.of("127.0.0.1", 10, THREE, 4);
        assertThat(sources.size()).isEqualTo(1);
        assertThat(next(sources)).isEqualTo("127.0.0.1:3001");
        assertThat(next(sources)).isEqualTo("127.0.0.1:3002");
        assertThat(next(sources)).isEqualTo("127.0.0.1:3000");
        assertThat(next(sources)).isEqualTo("127.0.0.1:3001");
    }

    @Test
    void anAddressOfNobodyIsReplacedByLoopback() {
        Sources sources = Sources.of("192.0.2.0/24", 10, THREE, 0);
        assertThat(sources.size()).isEqualTo(1);
        assertThat(sources.address(0)).hasToString("127.0.0.1");
    }

    @Test
    void aPrefixThatIsNoneIsRefused() {
        assertThatThrownBy(() -> Sources.of("127.1.0.0/33", 1, THREE, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("sources: 127.1.0.0/33 (expected: a prefix such as 127.1.0.0/16)");
    }

    @Test
    void nobodyIsNoSubscriber() {
        assertThatThrownBy(() -> Sources.of("127.1.0.0/16", 0, THREE, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("subscribers: 0 (expected: at least 1)");
    }

    private static String next(Sources sources) {
        InetSocketAddress next = sources.next(0);
        return Endpoints.text(next);
    }
}
