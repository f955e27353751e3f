package dev.cgnat.core.pool;

import dev.cgnat.core.address.Subscriber;
import dev.cgnat.core.config.AddressChoice;
import java.util.random.RandomGenerator;

/**
 * In which order the external addresses are tried for a flow that is not bound to one.
 *
 * <p><b>Ownership</b>: one thread. <b>Costs</b>: O(1) per address tried.
 */
class AddressOrder {
    private final AddressChoice choice;
    private final Regions regions;
    private final Pairing pairing;
    private final RandomGenerator random;
    private int next;

    AddressOrder(AddressChoice choice, Regions regions, Pairing pairing, RandomGenerator random) {
        this.choice = choice;
        this.regions = regions;
        this.pairing = pairing;
        this.random = random;
    }

    /** The place where the order begins for {@code subscriber}; to be given to {@link #at}. */
    int first(Subscriber subscriber) {
        return switch (choice) {
            case LEAST_LOADED -> pairing.leastLoaded(random);
            case FILL_FIRST -> 0;
            case ROUND_ROBIN -> next;
            case HASH -> Math.floorMod(mix(subscriber.name().hashCode()), regions.addressCount());
        };
    }

    /** The address at place {@code rank}, 0 to {@link #length} - 1; one may come twice. */
    int at(int first, int rank) {
        if (choice == AddressChoice.LEAST_LOADED) {
            return rank == 0 ? first : pairing.byLoad(rank - 1);
        }
        return (int) (((long) first + rank) % regions.addressCount());
    }

    int length() {
        int addresses = regions.addressCount();
        return choice == AddressChoice.LEAST_LOADED && addresses > 1 ? addresses + 1 : addresses;
    }

    /** Whether the address where a slot comes free first serves as well as the first of the order. */
    boolean isByLoad() {
        return choice == AddressChoice.LEAST_LOADED;
    }

    /** The order has led to {@code address}. */
    void chose(int address) {
        next = (address + 1) % regions.addressCount();
    }

    /** The same order for a dry run: nothing is drawn, and the round goes no further. */
    AddressOrder still() {
        AddressOrder moving = this;
        return new AddressOrder(choice, regions, pairing, random) {
            @Override
            int first(Subscriber subscriber) {
                return choice == AddressChoice.LEAST_LOADED ? pairing.byLoad(0) : moving.first(subscriber);
            }

            @Override
            void chose(int address) {}
        };
    }

    /** Spreads names that differ in their last characters only; SplitMix64's finalizer. */
    private static int mix(int hash) {
        long mixed = (hash + 0x9E37_79B9_7F4A_7C15L) * 0xBF58_476D_1CE4_E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D0_49BB_1331_11EBL;
        return (int) ((mixed ^ (mixed >>> 31)) >>> 33);
    }
}
