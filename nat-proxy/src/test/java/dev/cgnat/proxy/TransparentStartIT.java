package dev.cgnat.proxy;

import static dev.cgnat.proxy.testing.Proxies.pool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.security.auth.module.UnixSystem;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.proxy.config.ListenerConfig;
import dev.cgnat.proxy.config.TransportKind;
import dev.cgnat.proxy.testing.Proxies;
import dev.cgnat.proxy.testing.Tools;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What transparent listeners need of the machine. */
class TransparentStartIT {
    @Test
    void tproxyWithoutTheCapabilityIsAnErrorThatNamesIt() throws Exception {
        List<String> unprivileged = new UnixSystem().getUid() == 0
                ? List.of(Tools.require("setpriv").toString(), "--bounding-set=-net_admin,-net_raw")
                : List.of();
        try (RunningJar jar = RunningJar.startBy(
                unprivileged,
                List.of(),
                "run",
                "--set",
                "listeners.0={ name: tp, type: tproxy, bind: '127.0.0.1:0' }",
                "--set",
                "acl.allow-sources=127.0.0.0/8",
                "--set",
                "admin.bind=127.0.0.1:0")) {
            RunningJar.Result result = jar.result();
            assertThat(result.exitCode()).isEqualTo(4);
            assertThat(result.err())
                    .contains("error: listener tp: a socket for addresses of other hosts is refused (")
                    .contains("Expected: the capability CAP_NET_ADMIN or CAP_NET_RAW");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ListenerConfig.Type.class,
            names = {"TPROXY", "REDIRECT"})
    void transportThatDoesNotKnowDestinationsIsAnError(ListenerConfig.Type type) {
        Endpoint bind = new Endpoint(Proxies.address("127.0.0.1"), 0);
        Proxies proxies = Proxies.with(pool("127.0.63.1", 20_000, 20_009))
                .allowSources("127.0.0.0/8")
                .transport(TransportKind.NIO)
                .listener(new ListenerConfig("tp", type, bind, Optional.empty(), "main"));
        assertThatThrownBy(() -> NatProxy.start(proxies.config()))
                .isInstanceOf(StartException.class)
                .hasMessage(
                        "listener tp: transport nio cannot tell where a connection was bound for. Expected: epoll or io-uring,"
                                + " which Linux has");
    }
}
