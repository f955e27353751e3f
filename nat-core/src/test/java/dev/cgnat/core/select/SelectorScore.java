package dev.cgnat.core.select;

import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.config.PortSelection;
import dev.cgnat.core.port.PortSpace;
import dev.cgnat.core.port.UnitKey;
import dev.cgnat.core.random.KeyedRandom;
import java.util.Locale;

/** Fills one unit of 4,096 slots with one selection, and keeps flows coming and going in it. No client's port is kept. */
final class SelectorScore {
    private static final int SIZE = 4_096;
    private static final int FLOWS = 5_000;
    private static final int FILLS = 5;
    private static final int OBSERVED = 200_000;

    private final PortSelection selection;
    private final PortSpace space = new PortSpace();
    private final UnitView view = new UnitView(space);
    private final int unit = space.unit(UnitKey.anyRemote(Protocol.TCP, 0), SIZE);
    private final PortSelector selector;
    private final KeyedRandom random = KeyedRandom.seeded(8);

    /** First the used slots, then the free ones. */
    private final int[] slots = new int[SIZE];

    /** Where each slot stands in {@code slots}. */
    private final int[] places = new int[SIZE];

    private SelectorScore(PortSelection selection) {
        this.selection = selection;
        selector = PortSelectors.of(selection, KeyedRandom.seeded(9));
        for (int slot = 0; slot < SIZE; slot++) {
            slots[slot] = slot;
            places[slot] = slot;
        }
        view.look(unit, PortSpace.NO_UNIT, PortSpace.NO_SLOT);
    }

    static String table() {
        StringBuilder table = new StringBuilder("""
                | selection | refused though a port was free, at 50 / 90 / 99 / 100 % | probes per grant, same | first refusal | best guess |
                | --- | --- | --- | --- | --- |
                """);
        for (PortSelection selection : PortSelection.values()) {
            table.append(new SelectorScore(selection).row());
        }
        return table.toString();
    }

    private String row() {
        double firstRefusal = meanFill();
        StringBuilder refused = new StringBuilder();
        StringBuilder probes = new StringBuilder();
        for (int percent : new int[] {50, 90, 99, 100}) {
            occupy(SIZE * percent / 100);
            churn(percent == 50 ? "" : " / ", refused, probes);
        }
        int[] ranks = new ObservedUnit().ranks(PortSelectors.of(selection, KeyedRandom.seeded(10)), OBSERVED);
        return String.format(
                Locale.ROOT,
                "| `%s` | %s %% | %s | %s | %.1f %% |\n",
                selection.key(),
                refused,
                probes,
                firstRefusal == 1
                        ? "full"
                        : String.format(Locale.ROOT, "%.2f %%", Math.floor(10_000 * firstRefusal) / 100),
                100 * PortGuesser.best(ranks, ObservedUnit.FREE));
    }

    /** The share of used slots at the first refusal, mean of some fills; 1 if nothing is refused. The unit stays filled. */
    private double meanFill() {
        long sum = 0;
        for (int fill = 0; fill < FILLS; fill++) {
            occupy(0);
            int used = 0;
            while (used < SIZE && open(used)) {
                used++;
            }
            sum += used;
        }
        return (double) sum / FILLS / SIZE;
    }

    /** Opens or closes flows at random, past the selection, until {@code used} slots are used. */
    private void occupy(int used) {
        for (int now = space.used(unit); now < used; now++) {
            use(now, now + random.nextInt(SIZE - now));
        }
        for (int now = space.used(unit); now > used; now--) {
            close(now);
        }
    }

    /** Each flow that ends makes room for one; a refused one is put on a random slot, past the selection. */
    private void churn(String separator, StringBuilder refused, StringBuilder probes) {
        int used = space.used(unit);
        int refusals = 0;
        long probesOfGrants = 0;
        for (int i = 0; i < FLOWS; i++) {
            close(used);
            long before = view.probes();
            if (open(used - 1)) {
                probesOfGrants += view.probes() - before;
            } else {
                refusals++;
                use(used - 1, used - 1 + random.nextInt(SIZE - used + 1));
            }
        }
        refused.append(separator).append(String.format(Locale.ROOT, "%.1f", 100.0 * refusals / FLOWS));
        probes.append(separator)
                .append(
                        refusals == FLOWS
                                ? "–"
                                : String.format(Locale.ROOT, "%.1f", (double) probesOfGrants / (FLOWS - refusals)));
    }

    private boolean open(int used) {
        int slot = selector.claim(view, UnitFixture.FLOW);
        if (slot == PortSpace.NO_SLOT) {
            return false;
        }
        swap(used, places[slot]);
        return true;
    }

    private void use(int used, int at) {
        space.claim(unit, slots[at]);
        swap(used, at);
    }

    private void close(int used) {
        swap(used - 1, random.nextInt(used));
        space.release(unit, slots[used - 1]);
        selector.freed(unit, slots[used - 1]);
    }

    private void swap(int a, int b) {
        int slot = slots[a];
        slots[a] = slots[b];
        slots[b] = slot;
        places[slots[a]] = a;
        places[slots[b]] = b;
    }
}
