package dev.cgnat.proxy.ingress;

import static dev.cgnat.proxy.ingress.IngressFixture.received;
import static dev.cgnat.proxy.ingress.IngressFixture.send;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.core.Refusal;
import dev.cgnat.core.config.LimitConfig;
import dev.cgnat.proxy.config.ExhaustionAction;
import dev.cgnat.proxy.config.ListenerConfig;
import dev.cgnat.proxy.config.SubscriberConfig;
import dev.cgnat.proxy.config.SubscriberConfig.Identity;
import dev.cgnat.proxy.config.Users;
import dev.cgnat.proxy.transport.EmbeddedSocketChannel;
import io.netty.buffer.ByteBufUtil;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whom the limits count. */
class SubscriberTest {
    private static final String TO_PORT = "05010001c0000201"; // 192.0.2.1, and a port
    private static final LimitConfig ONE_EACH = LimitConfig.defaults().withSessionsPerSubscriber(1);

    @AfterEach
    void letEveryChannelGo() {
        IngressFixture.closeAll();
    }

    @Test
    @Tag("conformance-b08")
    void ipv6SubscriberIsItsPrefix() throws Exception {
        IngressFixture proxy = proxy(new SubscriberConfig(Identity.SOURCE_ADDRESS, 32, 64), UnaryOperator.identity());
        assertThat(ask(proxy, "2001:db8:0:1::1", "0050", "050100")).isTrue();
        assertThat(ask(proxy, "2001:db8:0:1:ffff::2", "0051", "050100")).isFalse();
        assertThat(ask(proxy, "2001:db8:0:2::1", "0052", "050100")).isTrue();
        assertThat(proxy.pool().refused()).containsEntry(Refusal.SESSION_LIMIT, 1L);
        assertThat(proxy.gate.snapshot().subscribers()).isEqualTo(2);
    }

    @Test
    @Tag("conformance-b08")
    void prefixIsAsLongAsConfigured() throws Exception {
        IngressFixture proxy = proxy(new SubscriberConfig(Identity.SOURCE_ADDRESS, 24, 56), UnaryOperator.identity());
        assertThat(ask(proxy, "2001:db8:0:1::1", "0050", "050100")).isTrue();
        assertThat(ask(proxy, "2001:db8:0:ff::1", "0051", "050100")).isFalse();
        assertThat(ask(proxy, "2001:db8:0:100::1", "0052", "050100")).isTrue();
        assertThat(ask(proxy, "192.0.2.1", "0053", "050100")).isTrue();
        assertThat(ask(proxy, "192.0.2.255", "0054", "050100")).isFalse();
        assertThat(ask(proxy, "192.0.3.1", "0055", "050100")).isTrue();
    }

    @Test
    void nameIsTheSubscriberOnlyIfConfiguredSo() throws Exception {
        IngressFixture proxy = proxy(SubscriberConfig.defaults(), SubscriberTest::withUsers);
        assertThat(ask(proxy, "192.0.2.1", "0050", "050102" + "0101610162")).isTrue();
        assertThat(ask(proxy, "192.0.2.1", "0051", "050102" + "0101630164")).isFalse();
    }

    @Test
    void provedNameIsTheSubscriber() throws Exception {
        IngressFixture proxy = proxy(new SubscriberConfig(Identity.SOCKS_USER, 32, 64), SubscriberTest::withUsers);
        assertThat(ask(proxy, "192.0.2.1", "0050", "050102" + "0101610162")).isTrue();
        assertThat(ask(proxy, "192.0.2.1", "0051", "050102" + "0101630164")).isTrue();
        assertThat(ask(proxy, "192.0.2.9", "0052", "050102" + "0101610162")).isFalse();
        assertThat(proxy.gate.snapshot().subscribers()).isEqualTo(2);
    }

    private static ListenerConfig withUsers(ListenerConfig listener) {
        return listener.withUsers(new Users(Map.of("a", "b", "c", "d")));
    }

    /** Whether a flow from {@code source} to {@code port} is granted. */
    private static boolean ask(IngressFixture proxy, String source, String port, String greeting) throws Exception {
        EmbeddedSocketChannel client = proxy.client(source);
        send(client, ByteBufUtil.decodeHexDump(greeting + TO_PORT + port));
        boolean isRefused = ByteBufUtil.hexDump(received(client)).contains("05010001");
        assertThat(client.isOutputShutdown()).isEqualTo(isRefused);
        return !isRefused;
    }

    private static IngressFixture proxy(SubscriberConfig subscriber, UnaryOperator<ListenerConfig> change) {
        return new IngressFixture(
                ListenerConfig.Type.SOCKS, ExhaustionAction.REFUSE, change, subscriber, ONE_EACH, LimitConfig.NONE);
    }
}
