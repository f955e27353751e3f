package dev.cgnat.core.port;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.cgnat.core.address.Protocol;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Bytes per binding by the accounts of the structures, which are held against the allocation counter of the JVM, and bytes
 * allocated by a release and a grant, which must be none.
 */
class PortSpaceMemoryTest {
    private static final int PORTS = 64_512;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final RandomGenerator random = new SplittableRandom(1);
    private final PortSpace space = new PortSpace();

    @ParameterizedTest
    @CsvSource({"64512, 100", "16515072, 1", "66060288, 1"})
    void aDenseUnitTakesAtMostFifteenHundredthsOfAByte(int size, int units) {
        long bindings = 0;
        for (int address = 0; address < units; address++) {
            int unit = space.unit(UnitKey.anyRemote(Protocol.TCP, address), size);
            for (int i = 0; i < size / 10 * 9; i++) {
                space.claimUniform(unit, PortSpace.NO_UNIT, random);
                bindings++;
            }
        }
        long fixed = 90_000; // the first chunk of each kind, whatever it is for
        assertThat((space.bytes() - fixed) / (double) bindings).isLessThan(0.15);
    }

    /** A tenth of a million destinations with sixteen flows each, of 256 addresses. */
    @Test
    void aSparseUnitTakesLessThanSixBytesPerBinding() {
        for (int i = 0; i < 1_600_000; i++) {
            grant(random.nextInt(100_000));
        }
        assertThat(space.bytes() / 1_600_000.0).isLessThan(6);
    }

    @Test
    void destinationsOfUnequalPopularityTakeLessThanNineBytesPerBinding() {
        double[] sums = new double[100_000];
        double sum = 0;
        for (int rank = 0; rank < sums.length; rank++) {
            sum += 1.0 / (rank + 1);
            sums[rank] = sum;
        }
        long granted = 0;
        for (int i = 0; i < 1_600_000; i++) {
            int rank = Arrays.binarySearch(sums, random.nextDouble() * sum);
            granted += grant(rank < 0 ? -rank - 1 : rank) == PortSpace.NO_SLOT ? 0 : 1;
        }
        assertThat(space.bytes() / (double) granted).isLessThan(9);
    }

    @Test
    void aDestinationWithOneFlowTakesAtMostEightyBytesAndIsForgottenAfterwards() {
        int[] slots = new int[200_000];
        for (int destination = 0; destination < 200_000; destination++) {
            slots[destination] = grant(destination);
        }
        assertThat(space.bytes() / 200_000.0).isLessThan(80);
        for (int destination = 0; destination < 200_000; destination++) {
            int unit = space.find(key(destination));
            space.release(unit, slots[destination]);
            assertThat(space.tidy(unit)).isTrue();
        }
        assertThat(space.unitCount()).isZero();
        assertThat(space.bytes()).isLessThan(100_000);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1_000_000})
    void aHeldSlotTakesAtMostTwelveBytesMore(int units) {
        HoldDown rings = new HoldDown(space, 60_000_000_000L);
        int held = 1_000_000;
        for (int i = 0; i < held; i++) {
            int unit = space.unit(key(i % units), units == 1 ? 2 * held : PORTS);
            rings.hold(unit, space.claimUniform(unit, PortSpace.NO_UNIT, random), i, 60_000_000_000L, i * 60_000L);
        }
        assertThat(rings.bytes() / (double) held).isLessThan(12);
    }

    @Test
    void theAccountOfABitmapAgreesWithWhatTheJvmAllocates() {
        new SlotTree(16_000_000).claimUniform(random); // who loads a class pays for that
        THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
        long before = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
        SlotTree tree = new SlotTree(16_000_000);
        for (int i = 0; i < 1_000_000; i++) {
            tree.claimUniform(random);
        }
        long allocated = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
        assertThat(tree.bytes()).isBetween(allocated - 20_000, allocated + 20_000);
    }

    @Test
    void theAccountOfSparseUnitsAgreesWithWhatTheJvmAllocates() {
        THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
        long before = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
        UnitTable table = new UnitTable();
        for (int i = 0; i < 100_000; i++) {
            table.add(key(i), PORTS);
        }
        long allocated = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
        assertThat(table.bytes()).isLessThan(allocated);
        assertThat(table.bytes() / 100_000.0).isBetween(69.0, 72.0);
    }

    /** Units of one port number range each at the given fill; sparse ones with flows to 1,000 destinations. */
    @ParameterizedTest
    @CsvSource({
        "1, 64512, 0",
        "1, 64512, 0.5",
        "1, 64512, 0.99",
        "1, 64512, 0.9999",
        "1000, 64512, 0.0002",
        "1000, 64512, 0.004"
    })
    void aReleaseAndAGrantAllocateNothing(int units, int size, double fill) {
        int count = Math.max(1, (int) (units * (size * fill)));
        int[] unitOf = new int[count];
        int[] slotOf = new int[count];
        for (int i = 0; i < count; i++) {
            unitOf[i] = space.unit(key(i % units), size);
            slotOf[i] = space.claimUniform(unitOf[i], PortSpace.NO_UNIT, random);
        }
        churn(unitOf, slotOf, 3_000_000);
        long before = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
        churn(unitOf, slotOf, 300_000);
        assertThat(THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - before)
                .isLessThan(300_000 / 100); // what the counter itself and the compiler's switches of code allocate
    }

    private void churn(int[] unitOf, int[] slotOf, int pairs) {
        for (int i = 0; i < pairs; i++) {
            int at = i % unitOf.length;
            space.release(unitOf[at], slotOf[at]);
            slotOf[at] = space.claimUniform(unitOf[at], PortSpace.NO_UNIT, random);
        }
    }

    private int grant(int destination) {
        return space.claimUniform(space.unit(key(destination), PORTS), PortSpace.NO_UNIT, random);
    }

    private static UnitKey key(int destination) {
        return new UnitKey(0, 0xffff_0a00_0000L + destination, 443, destination % 256);
    }
}
