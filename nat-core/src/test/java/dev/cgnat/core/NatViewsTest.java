package dev.cgnat.core;

import static dev.cgnat.core.NatFixture.ALICE;
import static dev.cgnat.core.NatFixture.BOB;
import static dev.cgnat.core.NatFixture.FIRST;
import static dev.cgnat.core.NatFixture.TLS;
import static dev.cgnat.core.NatFixture.WEB;
import static dev.cgnat.core.NatFixture.pool;
import static dev.cgnat.core.NatFixture.seconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cgnat.core.NatViews.AddressUse;
import dev.cgnat.core.NatViews.BlockUse;
import dev.cgnat.core.NatViews.EndpointState;
import dev.cgnat.core.NatViews.Part;
import dev.cgnat.core.NatViews.SubscriberState;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.PortRange;
import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.config.BlockGrowth;
import dev.cgnat.core.config.HoldDownConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.Pooling;
import dev.cgnat.core.config.PortBlockConfig;
import dev.cgnat.core.config.ReuseScope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class NatViewsTest {
    @Test
    void addressesTogetherAreThePool() {
        NatFixture fixture = new NatFixture(pool(3, 300)
                .withPooling(Pooling.PAIRED)
                .withExcludePorts(new PortRange(5_000, 5_009))
                .withHoldDown(HoldDownConfig.same(Duration.ofSeconds(60))));
        for (int i = 0; i < 40; i++) {
            Binding flow = fixture.granted(i % 2 == 0 ? ALICE : BOB, i % 3 == 0 ? TLS : WEB, 0);
            if (i % 4 == 0) {
                fixture.close(flow, CloseCause.CLIENT_FIN, 0);
            }
        }
        fixture.nat.reserve("main", Protocol.TCP, new Endpoint(FIRST.plus(2), 5_299), 0);
        fixture.nat.setAddressState("main", FIRST.plus(1), AddressState.DISABLED, 0);

        List<AddressUse> addresses = all(fixture);
        assertThat(addresses).extracting(AddressUse::address).containsExactly(FIRST, FIRST.plus(1), FIRST.plus(2));
        assertThat(addresses)
                .extracting(AddressUse::state)
                .containsExactly(AddressState.ACTIVE, AddressState.DISABLED, AddressState.ACTIVE);
        assertThat(addresses.get(2).pairs().orElseThrow().reserved()).isBetween(10, 11);
        assertThat(addresses.stream()
                        .mapToInt(a -> a.subscribers().orElseThrow())
                        .sum())
                .isEqualTo(2);
        assertThat(sum(addresses)).isEqualTo(fixture.tcp());
    }

    @Test
    void addressesOfAHostScopeShareTheirPorts() {
        NatFixture fixture = new NatFixture(pool(2, 3).withReuseScope(ReuseScope.HOST));
        assertThat(all(fixture)).allSatisfy(use -> assertThat(use.pairs()).isEmpty());
    }

    @Test
    void lentBlocksAreShownWithTheirOwnerAndFill() {
        PoolConfig config = pool(2, 16)
                .withPooling(Pooling.PAIRED)
                .withHoldDown(HoldDownConfig.same(Duration.ofSeconds(60)))
                .withBlocks(new PortBlockConfig(4, 3, BlockGrowth.ONE));
        NatFixture fixture = new NatFixture(config);
        List<Binding> alices = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            alices.add(fixture.granted(ALICE, WEB, 1));
        }
        fixture.granted(BOB, WEB, 3);
        fixture.close(alices.get(0), CloseCause.CLIENT_FIN, 5);

        NatViews views = fixture.nat.views();
        Part<BlockUse> firstHalf = views.blocks("main", 0, 4);
        Part<BlockUse> secondHalf = views.blocks("main", firstHalf.next().orElseThrow(), 4);
        assertThat(secondHalf.next()).isEmpty();
        List<BlockUse> blocks = new ArrayList<>(firstHalf.items());
        blocks.addAll(secondHalf.items());

        assertThat(blocks).hasSize(3).extracting(BlockUse::number).isSorted();
        List<BlockUse> ofAlice = blocks.stream()
                .filter(use -> use.block().subscriber().equals(ALICE))
                .toList();
        assertThat(ofAlice).hasSize(2).allSatisfy(use -> {
            assertThat(use.ageNanos()).isEqualTo(seconds(4));
            assertThat(use.block().ports().last() - use.block().ports().first()).isEqualTo(3);
        });
        assertThat(ofAlice.stream().mapToInt(BlockUse::live).sum()).isEqualTo(5);
        assertThat(ofAlice.stream().mapToInt(BlockUse::resting).sum()).isOne();
        assertThat(views.blocksOf(ALICE)).isEqualTo(2);
        assertThat(all(fixture).stream().mapToInt(AddressUse::lentBlocks).sum()).isEqualTo(3);
        assertThat(views.endpoint(alices.get(1).external())
                        .block()
                        .orElseThrow()
                        .block()
                        .subscriber())
                .isEqualTo(ALICE);
    }

    @Test
    void subscribersAreShownInParts() {
        NatFixture fixture = new NatFixture(pool(1, 100).withHoldDown(HoldDownConfig.same(Duration.ofSeconds(60))));
        Binding first = fixture.granted(ALICE, WEB, 0);
        fixture.granted(ALICE, TLS, 0);
        fixture.granted(BOB, WEB, 0);
        fixture.close(first, CloseCause.CLIENT_FIN, 1);

        Part<SubscriberState> part = fixture.nat.views().subscribers(0, 1);
        assertThat(part.next()).isEqualTo(OptionalInt.of(1));
        assertThat(part.items()).extracting(SubscriberState::subscriber).containsExactly(ALICE);
        assertThat(part.items().get(0).sessions()).isOne();
        assertThat(part.items().get(0).ports()).isEqualTo(2);
        assertThat(fixture.nat.views().subscribers(1, 5).items())
                .extracting(SubscriberState::subscriber)
                .containsExactly(BOB);
        assertThat(fixture.nat.views().subscriber(NatFixture.CAROL)).isEmpty();
    }

    @Test
    void endpointIsInUseThenHeldThenFree() {
        NatFixture fixture = new NatFixture(pool(1, 4)
                .withExcludePorts(new PortRange(5_003, 5_003))
                .withHoldDown(HoldDownConfig.same(Duration.ofSeconds(60))));
        Binding flow = fixture.granted(ALICE, WEB, 0);
        assertThat(state(fixture, flow.external())).isEqualTo(EndpointState.IN_USE);
        fixture.close(flow, CloseCause.CLIENT_FIN, 1);
        assertThat(state(fixture, flow.external())).isEqualTo(EndpointState.HELD);
        fixture.nat.expire(seconds(61), 10);
        assertThat(state(fixture, flow.external())).isEqualTo(EndpointState.FREE);

        assertThat(state(fixture, new Endpoint(FIRST, 5_003))).isEqualTo(EndpointState.RESERVED);
        assertThat(state(fixture, new Endpoint(FIRST, 80))).isEqualTo(EndpointState.NOT_LENT);
        assertThat(state(fixture, new Endpoint(FIRST.plus(7), 5_000))).isEqualTo(EndpointState.NOT_LENT);
        fixture.nat.setAddressState("main", FIRST, AddressState.DISABLED, seconds(62));
        assertThat(state(fixture, new Endpoint(FIRST, 5_000))).isEqualTo(EndpointState.RESERVED);
        assertThatThrownBy(() -> fixture.nat.views().address("other", 0)).isInstanceOf(IllegalArgumentException.class);
    }

    private static EndpointState state(NatFixture fixture, Endpoint external) {
        return fixture.nat.views().endpoint(external).state();
    }

    private static List<AddressUse> all(NatFixture fixture) {
        List<AddressUse> found = new ArrayList<>();
        for (OptionalInt next = OptionalInt.of(0); next.isPresent(); ) {
            Part<AddressUse> part = fixture.nat.views().address("main", next.getAsInt());
            found.addAll(part.items());
            next = part.next();
        }
        return found;
    }

    private static NatSnapshot.PairCounts sum(List<AddressUse> addresses) {
        return addresses.stream()
                .map(use -> use.pairs().orElseThrow())
                .reduce((a, b) -> new NatSnapshot.PairCounts(
                        a.capacity() + b.capacity(),
                        a.inUse() + b.inUse(),
                        a.held() + b.held(),
                        a.reserved() + b.reserved()))
                .orElseThrow();
    }
}
