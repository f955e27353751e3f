package dev.cgnat.core.pool;

import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;

/**
 * How many subscribers are paired with each address, and which address has the fewest.
 *
 * <p><b>Ownership</b>: one thread. <b>Costs</b>: every operation O(1); 12 bytes per address.
 */
/*
 * Addresses stand in order[] by ascending load, those of equal load in any order among themselves. A load changes by one
 * at a time, so a change swaps the address with the last (or first) of its equals and stays in order. Where the equals of
 * each load begin is kept in begin[load]; loads above those in use begin at the end.
 */
final class AddressLoad {
    private int[] order;
    private int[] position;
    private int[] load;
    /** begin[n] = how many addresses have a load below n; grows with the highest load. */
    private int[] begin = new int[8];

    AddressLoad(int addresses) {
        order = new int[addresses];
        position = new int[addresses];
        load = new int[addresses];
        for (int address = 0; address < addresses; address++) {
            order[address] = address;
            position[address] = address;
        }
        Arrays.fill(begin, 1, begin.length, addresses);
    }

    /** From now on there are that many addresses; those that are new have no subscriber. Cost: O(A). */
    void grow(int addresses) {
        int old = order.length;
        int more = addresses - old;
        int[] grown = new int[addresses];
        System.arraycopy(order, 0, grown, more, old); // nobody has fewer than those that are new
        for (int i = 0; i < more; i++) {
            grown[i] = old + i;
        }
        order = grown;
        load = Arrays.copyOf(load, addresses);
        position = new int[addresses];
        for (int place = 0; place < addresses; place++) {
            position[order[place]] = place;
        }
        for (int level = 1; level < begin.length; level++) {
            begin[level] += more;
        }
    }

    /** One of the addresses with the fewest subscribers, each with the same probability. */
    int least(RandomGenerator random) {
        int lowest = load[order[0]];
        return order[random.nextInt(begin[lowest + 1])];
    }

    /** As {@link #least(RandomGenerator)} among the addresses that are not {@code barred}; any if all are. Cost: O(A). */
    int least(RandomGenerator random, IntPredicate barred) {
        int found = order[0];
        int count = 0;
        for (int address : order) {
            if (!barred.test(address) && (count == 0 || load[address] == load[found])) {
                count++;
                found = random.nextInt(count) == 0 ? address : found;
            }
        }
        return found;
    }

    /** The address at place {@code rank}, 0 to the number of addresses - 1, of those in ascending order of load. */
    int byLoad(int rank) {
        return order[rank];
    }

    /** How many subscribers are paired with {@code address}. */
    int of(int address) {
        return load[address];
    }

    /** One more subscriber is paired with {@code address}. */
    void increment(int address) {
        int from = load[address];
        if (from + 2 == begin.length) {
            int old = begin.length;
            begin = Arrays.copyOf(begin, 2 * old);
            Arrays.fill(begin, old, begin.length, order.length);
        }
        begin[from + 1]--;
        swap(position[address], begin[from + 1]);
        load[address]++;
    }

    /** One subscriber less is paired with {@code address}. */
    void decrement(int address) {
        int from = load[address];
        swap(position[address], begin[from]);
        begin[from]++;
        load[address]--;
    }

    private void swap(int a, int b) {
        int atA = order[a];
        int atB = order[b];
        order[a] = atB;
        order[b] = atA;
        position[atB] = a;
        position[atA] = b;
    }
}
