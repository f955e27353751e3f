package dev.cgnat.bench.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class LiveSlotsTest {
    @Test
    void everyVictimWasLiveAndLeaves() {
        LiveSlots live = new LiveSlots(100, new QuickRandom(5));
        List<Integer> model = new ArrayList<>();
        for (int slot = 0; slot < 100; slot++) {
            live.add(slot);
            model.add(slot);
        }
        for (int granted = 100; granted < 10_000; granted++) {
            int victim = live.exchange(granted);
            assertThat(model.remove((Integer) victim))
                    .as("victim %d was live", victim)
                    .isTrue();
            model.add(granted);
        }
        assertThat(model).hasSize(100);
    }

    @Test
    void ofNoneTheGrantedOneLeavesAtOnce() {
        assertThat(new LiveSlots(0, new QuickRandom(5)).exchange(17)).isEqualTo(17);
    }

    @Test
    void placesAreReadBeforeTheirTurnAndAllOccur() {
        Set<Integer> read = new HashSet<>();
        Picks picks = new Picks(10, new QuickRandom(5), place -> {
            read.add(place);
            return 1;
        });
        Set<Integer> turned = new HashSet<>();
        turned.add(picks.next());
        assertThat(read).hasSize(10);
        assertThat(picks.sum()).isEqualTo(64);
        for (int i = 0; i < 200; i++) {
            turned.add(picks.next());
        }
        assertThat(turned).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    }
}
