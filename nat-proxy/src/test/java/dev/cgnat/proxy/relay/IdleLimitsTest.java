package dev.cgnat.proxy.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.core.CloseCause;
import dev.cgnat.proxy.config.TimeoutConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The limits that RFC 5382 REQ-5 and RFC 7857 section 2.1 ask for, as they are by default, in virtual time. */
@Tag("rfc7857-s2")
class IdleLimitsTest {
    private static final Duration FOUR_MINUTES = Duration.ofMinutes(4);
    private static final Duration MOMENT = Duration.ofMillis(1);

    private final List<EmbeddedFlow> flows = new ArrayList<>();

    @AfterEach
    void release() {
        flows.forEach(EmbeddedFlow::release);
    }

    @Test
    @Tag("conformance-c11")
    void establishedFlowSurvivesTwoHoursAndFourMinutesOfSilence() {
        EmbeddedFlow flow = established(TimeoutConfig.defaults());
        flow.pass(Duration.ofMinutes(124).minus(MOMENT));
        assertThat(flow.ends).isEmpty();
        EmbeddedFlow.send(flow.outside);
        flow.pass(Duration.ofMinutes(124).minus(MOMENT));
        assertThat(flow.ends).isEmpty();
        flow.pass(MOMENT);
        assertThat(flow.ends).containsExactly(CloseCause.IDLE);
    }

    @Test
    @Tag("conformance-c12")
    void openingAndClosingFlowsSurviveFourMinutesEach() {
        EmbeddedFlow opening = flow(TimeoutConfig.defaults());
        EmbeddedFlow closing = established(TimeoutConfig.defaults());
        closing.client.receiveFin();
        for (EmbeddedFlow flow : flows) {
            flow.pass(FOUR_MINUTES.minus(MOMENT));
        }
        assertThat(opening.ends).isEmpty();
        assertThat(closing.ends).isEmpty();
        for (EmbeddedFlow flow : flows) {
            flow.pass(MOMENT);
            assertThat(flow.ends).containsExactly(CloseCause.IDLE);
        }
    }

    @Test
    @Tag("conformance-c12")
    void openingAndClosingLimitsAreConfiguredApart() {
        TimeoutConfig defaults = TimeoutConfig.defaults();
        Duration opening = Duration.ofSeconds(10);
        Duration closing = Duration.ofSeconds(20);
        TimeoutConfig timeouts =
                new TimeoutConfig(defaults.connect(), defaults.handshake(), defaults.established(), opening, closing);
        EmbeddedFlow silent = flow(timeouts);
        silent.pass(opening);
        assertThat(silent.ends).containsExactly(CloseCause.IDLE);
        EmbeddedFlow halfClosed = established(timeouts);
        halfClosed.outside.receiveFin();
        halfClosed.pass(opening);
        assertThat(halfClosed.ends).isEmpty();
        halfClosed.pass(closing.minus(opening));
        assertThat(halfClosed.ends).containsExactly(CloseCause.IDLE);
    }

    private EmbeddedFlow established(TimeoutConfig timeouts) {
        EmbeddedFlow flow = flow(timeouts);
        EmbeddedFlow.send(flow.client);
        EmbeddedFlow.send(flow.outside);
        return flow;
    }

    private EmbeddedFlow flow(TimeoutConfig timeouts) {
        EmbeddedFlow flow = new EmbeddedFlow(timeouts);
        flows.add(flow);
        return flow;
    }
}
