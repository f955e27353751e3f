package dev.cgnat.bench.twin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.bench.report.TwinReport.Decisions;
import dev.cgnat.core.CloseCause;
import dev.cgnat.core.FlowRequest;
import dev.cgnat.core.NatCall;
import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.PortRange;
import dev.cgnat.core.address.Subscriber;
import dev.cgnat.core.config.HoldDownConfig;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.core.config.PoolConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class RepetitionTest {
    private static final Endpoint WEB = new Endpoint(IpAddress.ofIpv4(192, 0, 2, 1), 80);
    private static final NatConfig FORTY_PORTS =
            NatConfig.of(PoolConfig.defaults("main", List.of(AddressRange.single(IpAddress.ofIpv4(203, 0, 113, 1))))
                    .withPorts(new PortRange(1024, 1063))
                    .withHoldDown(HoldDownConfig.same(Duration.ofSeconds(1))));
    private static final long SEED = 5;

    /** More flows than there are ports, of which every third ends; a timer frees some of the rests, late. */
    private static List<NatCall> calls() {
        List<NatCall> calls = new ArrayList<>();
        for (int i = 1; i <= 60; i++) {
            long at = i * 50_000_000L;
            calls.add(new NatCall.Open(
                    new FlowRequest(
                            "main",
                            new Subscriber("alice"),
                            new Endpoint(IpAddress.ofIpv4(10, 0, 0, 1), 1024 + i),
                            WEB),
                    at));
            if (i % 3 == 0) {
                calls.add(new NatCall.Close(i / 3, CloseCause.CLIENT_FIN, at));
            }
            if (i % 25 == 0) {
                calls.add(new NatCall.Expire(1000, at));
            }
            if (i == 10) {
                calls.add(new NatCall.SetAsidePair(10, at));
            }
        }
        return calls;
    }

    private static List<Decision> decisions(long seed, List<NatCall> calls) {
        return Repetition.of(FORTY_PORTS, seed, calls, (nat, until) -> {});
    }

    @Test
    void theSameSeedAndCallsGiveTheSameDecisions() {
        List<Decision> recorded = decisions(SEED, calls());
        assertThat(recorded).anyMatch(Decision::isRefusal);
        assertThat(recorded.stream().map(Decision::what))
                .anyMatch(what -> what.startsWith("set aside 10: alice 10.0.0.1:1034 -> 203.0.113.1:"));
        assertThat(Repetition.compared(recorded, decisions(SEED, calls())))
                .isEqualTo(new Decisions(recorded.size(), Optional.empty()));
    }

    @Test
    void whoeverWatchesChangesNothing() {
        List<Long> times = new ArrayList<>();
        List<Decision> watched = Repetition.of(FORTY_PORTS, SEED, calls(), (nat, until) -> {
            times.add(until);
            assertThat(nat.snapshot().pool("main").granted()).isNotNegative();
        });
        assertThat(watched).isEqualTo(decisions(SEED, calls()));
        assertThat(times).hasSize(calls().size() + 1).isSorted().contains(Long.MAX_VALUE);
    }

    @Test
    void anotherSeedIsFoundAtTheFirstPort() {
        String difference = Repetition.compared(decisions(SEED, calls()), decisions(SEED + 1, calls()))
                .difference()
                .orElseThrow();
        assertThat(difference).startsWith("decision 1 was 0.050000000 s opened 1: alice ");
    }

    @Test
    void aTamperedEndpointIsFoundWhereItStands() {
        List<Decision> recorded = decisions(SEED, calls());
        List<Decision> tampered = new ArrayList<>(recorded);
        Decision seventh = recorded.get(6);
        String what = seventh.what().replaceFirst("203\\.0\\.113\\.1:\\d+", "203.0.113.1:9");
        assertThat(what).isNotEqualTo(seventh.what());
        tampered.set(6, new Decision(seventh.atNanos(), what));
        assertThat(Repetition.compared(tampered, recorded).difference())
                .hasValue("decision 7 was " + tampered.get(6) + ", and repeated it is " + seventh);
    }

    @Test
    void aDecisionThatIsMissingOrTooManyIsFound() {
        List<Decision> recorded = decisions(SEED, calls());
        List<Decision> shorter = recorded.subList(0, recorded.size() - 1);
        assertThat(Repetition.compared(recorded, shorter).difference().orElseThrow())
                .endsWith("and repeated it is none");
        assertThat(Repetition.compared(shorter, recorded).difference().orElseThrow())
                .contains(" was none, ");
    }

    @Test
    void aCallThatWasNotRecordedIsFound() {
        List<Decision> recorded = decisions(SEED, calls());
        for (Class<?> kind : List.of(NatCall.Open.class, NatCall.Close.class, NatCall.Expire.class)) {
            List<NatCall> less = new ArrayList<>(calls());
            less.remove(less.stream().filter(kind::isInstance).findFirst().orElseThrow());
            assertThat(Repetition.compared(recorded, decisions(SEED, less)).difference())
                    .as(kind.getSimpleName())
                    .isPresent();
        }
    }

    @Test
    void theEndOfAFlowThatNeverWasIsADifference() {
        List<NatCall> more = new ArrayList<>(calls());
        more.add(new NatCall.Close(999, CloseCause.RESET, 60_000_000_000L));
        assertThat(Repetition.compared(decisions(SEED, calls()), decisions(SEED, more))
                        .difference())
                .get()
                .asString()
                .endsWith("repeated it is 60.000000000 s no flow 999 to end");
    }
}
