package dev.cgnat.core.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.cgnat.core.address.Protocol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers and keys, their index while it splits and joins, and chunks that come and go. */
class UnitTableTest {
    private static final long IPV4 = 0xffff_0000_0000L;

    private final UnitTable table = new UnitTable();
    private final Map<UnitKey, Integer> model = new HashMap<>();
    private final List<UnitKey> keys = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void agreesWithAMapWhileItGrowsAndShrinks(long seed) {
        Random random = new Random(seed);
        for (int target : new int[] {10, 3, 9_000, 6_000, 20_000, 100, 12_000, 0}) {
            while (model.size() != target) {
                if (random.nextInt(10) < (model.size() < target ? 7 : 3)) {
                    add(key(random), random);
                } else if (!model.isEmpty()) {
                    remove(random.nextInt(keys.size()));
                }
                assertThat(table.find(key(random))).isEqualTo(UnitTable.NONE);
            }
            check();
        }
        assertThat(table.bytes()).isLessThan(100_000);
    }

    @Test
    void keysOfOneBucketAreFoundBesideEachOtherAndAfterARemoval() {
        long[] lows = equalHome(60);
        for (long low : lows) {
            add(new UnitKey(0, low, 443, 0), new Random(low));
        }
        check();
        Random random = new Random(1);
        while (!keys.isEmpty()) {
            remove(random.nextInt(keys.size()));
            check();
        }
    }

    @Test
    void addressesThatDifferInOneBitAreDifferentUnits() {
        for (int bit = 0; bit < 64; bit++) {
            add(new UnitKey(1L << bit, IPV4, 443, 0), new Random(bit));
            add(new UnitKey(0, IPV4 ^ 1L << bit, 443, 0), new Random(bit));
        }
        add(new UnitKey(0, IPV4, 443, 0), new Random(0));
        add(new UnitKey(0, IPV4, 443, Integer.MAX_VALUE), new Random(0));
        add(UnitKey.anyRemote(Protocol.UDP, 0), new Random(0));
        check();
    }

    @Test
    void aForgottenNumberIsRejected() {
        int unit = table.add(new UnitKey(0, IPV4, 443, 0), 10);
        table.remove(unit);
        assertThatIllegalStateException().isThrownBy(() -> table.size(unit));
        assertThatIllegalStateException().isThrownBy(() -> table.dense(unit));
        assertThatIllegalStateException().isThrownBy(() -> table.pins(unit));
        assertThatIllegalStateException().isThrownBy(() -> table.rows(UnitTable.NONE));
    }

    @Test
    void aChunkGoesWithItsLastUnitAndItsNumbersAreRejected() {
        for (int i = 0; i < 3_000; i++) {
            add(new UnitKey(0, IPV4 + i, 443, 0), new Random(i));
        }
        long full = table.bytes();
        while (keys.size() > 100) {
            remove(keys.size() - 1);
        }
        assertThat(table.bytes()).isLessThan(full - 60_000);
        assertThatIllegalStateException().isThrownBy(() -> table.size(1_100));
        assertThatIllegalStateException().isThrownBy(() -> table.size(2_999));
        check();
    }

    private static UnitKey key(Random random) {
        boolean isIpv4 = random.nextBoolean();
        return new UnitKey(
                isIpv4 ? 0 : random.nextLong(),
                isIpv4 ? IPV4 | (random.nextInt() & 0xffff_ffffL) : random.nextLong(),
                random.nextInt(1 << 19),
                random.nextInt(Integer.MAX_VALUE));
    }

    /** Last halves of IPv4 addresses whose hashes share what chooses the bucket, as long as there are few segments. */
    private static long[] equalHome(int count) {
        UnitTable scratch = new UnitTable();
        long[] found = new long[count];
        int filled = 0;
        for (int i = 0; filled < count; i++) {
            int unit = scratch.add(new UnitKey(0, IPV4 + i, 443, 0), 10);
            if ((scratch.hash(unit) & 0xffff_ffffL) >>> 25 == 5) {
                found[filled++] = IPV4 + i;
            }
        }
        return found;
    }

    private void add(UnitKey key, Random random) {
        int unit = table.add(key, 1 + random.nextInt(70_000));
        assertThat(model.put(key, unit)).isNull();
        keys.add(key);
    }

    private void remove(int place) {
        UnitKey key = keys.set(place, keys.get(keys.size() - 1));
        keys.remove(keys.size() - 1);
        table.remove(Objects.requireNonNull(model.remove(key)));
        assertThat(table.find(key)).isEqualTo(UnitTable.NONE);
    }

    private void check() {
        assertThat(table.count()).isEqualTo(model.size());
        model.forEach((key, unit) -> {
            if (table.find(key) != unit || !table.key(unit).equals(key)) {
                throw new AssertionError(key.toString());
            }
        });
    }
}
