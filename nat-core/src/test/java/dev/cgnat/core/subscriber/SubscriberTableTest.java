package dev.cgnat.core.subscriber;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.address.Subscriber;
import dev.cgnat.core.config.LimitConfig;
import org.junit.jupiter.api.Test;

class SubscriberTableTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void idleSubscribersAreForgottenWhenThereAreTooMany() {
        SubscriberTable table = new SubscriberTable(LimitConfig.NONE);
        comeAndGo(table, 100_000, 0);
        assertThat(table.size()).isZero();
        assertThat(table.numbers()).isBetween(1, 1_026);
        assertThat(table.find(new Subscriber("s0"))).isEmpty();
        assertThat(table.find(new Subscriber("s99999")))
                .hasValueSatisfying(use -> assertThat(use.isIdle()).isTrue());
    }

    @Test
    void whoComesBackIsNotForgotten() {
        SubscriberTable table = new SubscriberTable(LimitConfig.NONE);
        comeAndGo(table, 1, 0);
        SubscriberUse back = table.use(new Subscriber("s0"));
        back.portTaken(Protocol.TCP);
        comeAndGo(table, 100_000, 1);
        assertThat(table.size()).isOne();
        assertThat(table.use(new Subscriber("s0"))).isSameAs(back);
        back.portFreed(Protocol.TCP);
        table.tidy(back, 0);
        assertThat(table.size()).isZero();
    }

    @Test
    void spentTokensAreRememberedHoweverManySubscribersAreIdle() {
        SubscriberTable table = new SubscriberTable(1);
        comeAndGo(table, 10_000, 0);
        assertThat(table.find(new Subscriber("s0")))
                .hasValueSatisfying(use -> assertThat(table.nextFlowNanos(use)).isEqualTo(SECOND));
        table.expire(SECOND);
        assertThat(table.find(new Subscriber("s0"))).isEmpty();
        assertThat(table.find(new Subscriber("s9999"))).isPresent();
    }

    private static void comeAndGo(SubscriberTable table, int subscribers, int first) {
        for (int i = first; i < first + subscribers; i++) {
            SubscriberUse use = table.use(new Subscriber("s" + i));
            table.opened(use, Protocol.TCP, 0);
            use.closed(Protocol.TCP);
            table.tidy(use, 0);
        }
    }
}
