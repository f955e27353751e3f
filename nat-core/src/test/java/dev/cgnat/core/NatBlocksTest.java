package dev.cgnat.core;

import static dev.cgnat.core.NatFixture.ALICE;
import static dev.cgnat.core.NatFixture.BOB;
import static dev.cgnat.core.NatFixture.CAROL;
import static dev.cgnat.core.NatFixture.FAR;
import static dev.cgnat.core.NatFixture.FIRST;
import static dev.cgnat.core.NatFixture.WEB;
import static dev.cgnat.core.NatFixture.held;
import static dev.cgnat.core.NatFixture.pool;
import static dev.cgnat.core.NatFixture.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.core.Outcome.Granted;
import dev.cgnat.core.config.BlockGrowth;
import dev.cgnat.core.config.HoldDownConfig;
import dev.cgnat.core.config.PairedOverflow;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.Pooling;
import dev.cgnat.core.config.PoolingConfig;
import dev.cgnat.core.config.PortBlockConfig;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class NatBlocksTest {
    @Test
    @Tag("rfc6888-req14")
    void aSubscriberUsesItsBlockBeforeItIsLentAnother() {
        NatFixture fixture = new NatFixture(blocks(1, 16, 4, 3, BlockGrowth.ONE));
        for (int flows = 1; flows <= 12; flows++) {
            fixture.granted(ALICE, WEB, 0);
            assertThat(allocated(fixture)).hasSize((flows + 3) / 4);
        }
        assertThat(fixture.open(ALICE, WEB, 0)).isEqualTo(refused(Refusal.BLOCK_LIMIT));
        assertThat(fixture.open(ALICE, FAR, 0))
                .as("the ports are free to another destination")
                .isInstanceOf(Granted.class);
    }

    @Test
    void portsAreOfTheSubscribersOwnBlocks() {
        NatFixture fixture = new NatFixture(blocks(2, 64, 8, 2, BlockGrowth.ONE));
        for (var subscriber : List.of(ALICE, BOB, CAROL)) {
            for (int i = 0; i < 16; i++) {
                Binding binding = fixture.granted(subscriber, WEB, 0);
                assertThat(allocated(fixture))
                        .filteredOn(block -> block.subscriber().equals(subscriber))
                        .anyMatch(block -> block.address()
                                        .equals(binding.external().address())
                                && block.ports().first() <= binding.external().port()
                                && binding.external().port() <= block.ports().last());
            }
        }
    }

    @Test
    void aBlockGoesBackWhenNothingLivesOrRestsInIt() {
        NatFixture fixture = new NatFixture(
                blocks(1, 4, 4, 1, BlockGrowth.ONE).withHoldDown(HoldDownConfig.same(Duration.ofSeconds(60))));
        Binding binding = fixture.granted(ALICE, WEB, 0);
        assertThat(fixture.open(BOB, WEB, 0)).isEqualTo(refused(Refusal.EXHAUSTED));
        assertThat(fixture.snapshot().blocks().inUse()).isEqualTo(1);
        fixture.close(binding, CloseCause.IDLE, 10);
        assertThat(fixture.snapshot().blocks().held()).isEqualTo(1);
        assertThat(fixture.open(BOB, WEB, 69.9)).isEqualTo(held(70));
        assertThat(fixture.open(BOB, WEB, 70)).isInstanceOf(Granted.class);
        assertThat(fixture.events)
                .filteredOn(NatEvent.BlockReleased.class::isInstance)
                .extracting(event -> ((NatEvent.BlockReleased) event).block().subscriber())
                .containsExactly(ALICE);
        assertThat(fixture.snapshot().blocks().allocated()).isEqualTo(2);
    }

    @Test
    void doublingLendsAsManyBlocksAsThereAreAndTakesUnusedOnesBackWithTheLast() {
        NatFixture fixture = new NatFixture(blocks(1, 64, 2, 7, BlockGrowth.DOUBLE));
        List<Binding> bindings = fixture.fill(ALICE, WEB);
        assertThat(bindings).hasSize(14);
        assertThat(allocated(fixture)).hasSize(7);
        NatFixture ahead = new NatFixture(blocks(1, 64, 2, 8, BlockGrowth.DOUBLE));
        Binding first = ahead.granted(ALICE, WEB, 0);
        Binding second = ahead.granted(ALICE, WEB, 0);
        Binding third = ahead.granted(ALICE, WEB, 0);
        Binding fourth = ahead.granted(ALICE, WEB, 0);
        Binding fifth = ahead.granted(ALICE, WEB, 0);
        assertThat(ahead.snapshot().blocks().inUse())
                .as("one, two, four; one of them not used yet")
                .isEqualTo(4);
        for (Binding binding : List.of(first, second, third, fourth, fifth)) {
            ahead.close(binding, CloseCause.RESET, 1);
        }
        assertThat(ahead.snapshot().blocks().free()).isEqualTo(32);
    }

    @Test
    void blocksOfAPairedSubscriberAreOfItsAddress() {
        PoolConfig paired = blocks(2, 8, 4, 4, BlockGrowth.ONE).withPooling(Pooling.PAIRED);
        NatFixture fixture = new NatFixture(paired);
        List<Binding> bindings = fixture.fill(ALICE, WEB);
        assertThat(bindings).hasSize(8);
        assertThat(bindings)
                .extracting(binding -> binding.external().address())
                .containsOnly(bindings.get(0).external().address());
        assertThat(fixture.open(ALICE, WEB, 0)).isEqualTo(refused(Refusal.PAIRED_ADDRESS_FULL));
        NatFixture spilling =
                new NatFixture(paired.withPooling(PoolingConfig.defaults().withOverflow(PairedOverflow.SPILL)));
        assertThat(spilling.fill(ALICE, WEB)).hasSize(16);
    }

    @Test
    void whatFillsNoBlockIsLentToNobody() {
        NatFixture fixture = new NatFixture(blocks(1, 10, 4, 9, BlockGrowth.ONE));
        assertThat(fixture.fill(ALICE, WEB))
                .hasSize(8)
                .allMatch(binding -> binding.external().port() < 5_008
                        && binding.external().address().equals(FIRST));
    }

    @Test
    void aBlockOfWhichEveryPortIsSetAsideIsPassedOver() {
        NatFixture fixture = new NatFixture(blocks(1, 3, 1, 1, BlockGrowth.ONE));
        for (int foreign = 1; foreign <= 2; foreign++) {
            fixture.nat.setAsidePair(fixture.granted(ALICE, WEB, 0), 0);
        }
        Binding only = fixture.granted(ALICE, WEB, 0);
        assertThat(fixture.open(BOB, WEB, 0)).isEqualTo(refused(Refusal.EXHAUSTED));
        assertThat(allocated(fixture))
                .hasSize(3)
                .last()
                .satisfies(block -> assertThat(block.ports().first())
                        .isEqualTo(only.external().port()));
        assertThat(fixture.snapshot().blocks().inUse()).isEqualTo(1);
    }

    private static PoolConfig blocks(int addresses, int ports, int size, int max, BlockGrowth grow) {
        return pool(addresses, ports).withBlocks(new PortBlockConfig(size, max, grow));
    }

    private static List<PortBlock> allocated(NatFixture fixture) {
        return fixture.events.stream()
                .filter(NatEvent.BlockAllocated.class::isInstance)
                .map(event -> ((NatEvent.BlockAllocated) event).block())
                .toList();
    }
}
