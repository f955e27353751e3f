package dev.cgnat.proxy.egress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.core.Binding;
import dev.cgnat.core.CloseCause;
import dev.cgnat.core.FlowRequest;
import dev.cgnat.core.NatCall;
import dev.cgnat.core.Outcome;
import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.Subscriber;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.core.config.PoolConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class RehearsedGateTest {
    private static final NatConfig CONFIG =
            NatConfig.of(PoolConfig.defaults("main", List.of(AddressRange.single(IpAddress.ofIpv4(127, 0, 1, 1)))));
    private static final Endpoint WEB = new Endpoint(IpAddress.ofIpv4(192, 0, 2, 1), 80);
    private static final FlowRequest REQUEST =
            new FlowRequest("main", new Subscriber("alice"), new Endpoint(IpAddress.ofIpv4(127, 0, 0, 1), 5000), WEB);

    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    private final List<NatCall> calls = new ArrayList<>();

    @AfterEach
    void stopTimer() {
        timer.shutdownNow();
    }

    private NatGate rehearsed(long seed) {
        return NatGate.rehearsed(CONFIG, new RefusalText(Set.of()), event -> {}, timer, seed, calls::add);
    }

    private static Binding open(NatGate gate) {
        return ((Outcome.Granted) gate.open(REQUEST, outcome -> {})).binding();
    }

    private static List<Endpoint> tenPorts(NatGate gate) {
        return IntStream.range(0, 10).mapToObj(i -> open(gate).external()).toList();
    }

    @Test
    void theSeedAloneSaysWhichPortsAreDrawn() {
        List<Endpoint> ports = tenPorts(rehearsed(1));
        assertThat(tenPorts(rehearsed(1))).isEqualTo(ports);
        assertThat(tenPorts(rehearsed(2))).isNotEqualTo(ports);
    }

    @Test
    void withoutASeedNobodyForetellsThePorts() {
        assertThat(tenPorts(new NatGate(CONFIG, timer))).isNotEqualTo(tenPorts(new NatGate(CONFIG, timer)));
    }

    @Test
    void everyCallThatMayChangeTheNatIsToldInItsOrder() {
        NatGate gate = rehearsed(1);
        Binding first = open(gate);
        Binding second = open(gate);
        gate.close(first, CloseCause.RESET);
        gate.setAsidePair(second);
        gate.setAsideSlot(open(gate));
        gate.explain(REQUEST);
        gate.reserve("main", new Endpoint(IpAddress.ofIpv4(127, 0, 1, 1), 2000));
        assertThat(calls.stream().map(call -> (Object) call.getClass()))
                .containsSubsequence(
                        NatCall.Open.class,
                        NatCall.Open.class,
                        NatCall.Close.class,
                        NatCall.SetAsidePair.class,
                        NatCall.Open.class,
                        NatCall.SetAsideSlot.class,
                        NatCall.Expire.class,
                        NatCall.Reserve.class);
        assertThat(calls.stream().filter(NatCall.Open.class::isInstance)).hasSize(3);
        assertThat(calls.stream().filter(NatCall.Close.class::isInstance))
                .singleElement()
                .isEqualTo(new NatCall.Close(
                        first.id(), CloseCause.RESET, calls.get(2).atNanos()));
        assertThat(calls).extracting(NatCall::atNanos).isSorted();
    }
}
