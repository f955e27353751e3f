package dev.cgnat.core.model;

import dev.cgnat.core.PortBlock;
import dev.cgnat.core.address.PortRange;
import dev.cgnat.core.address.Subscriber;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

/**
 * Who has been lent which block of ports; blocks are numbered address by address.
 *
 * <p>A block that was used counts as free as soon as nothing lives or rests in it, whether or not {@code Nat} has told so.
 */
final class ModelBlocks {
    final int size;
    final int perAddress;
    final int count;
    long allocated;
    long released;
    private final PairTable table;
    private final int firstPort;
    private final Map<Integer, Subscriber> owners = new HashMap<>();
    private final Set<Integer> used = new HashSet<>();

    /** @param firstPort index of the first port that is lent in blocks */
    ModelBlocks(PairTable table, int firstPort, int size) {
        this.table = table;
        this.firstPort = firstPort;
        this.size = size;
        perAddress = (table.ports.length - firstPort) / size;
        count = perAddress * table.addresses.size();
    }

    /** The block of {@code pair}, -1 if that is in none. */
    int blockOf(int pair) {
        int port = table.portOf(pair) - firstPort;
        return port < 0 || port / size >= perAddress ? -1 : table.addressOf(pair) * perAddress + port / size;
    }

    int addressOf(int block) {
        return block / perAddress;
    }

    private int firstPortOf(int block) {
        return firstPort + block % perAddress * size;
    }

    /** The block that {@code ports} is, -1 if it is none. */
    int blockOf(PortBlock ports) {
        for (int block = 0; block < count; block++) {
            PortRange range =
                    new PortRange(table.ports[firstPortOf(block)], table.ports[firstPortOf(block) + size - 1]);
            if (range.equals(ports.ports())
                    && table.addresses.get(addressOf(block)).equals(ports.address())) {
                return block;
            }
        }
        return -1;
    }

    /** Whether something lives or rests in it at {@code at}; set-asides do not count. */
    boolean isInUse(int block, long at) {
        return contains(block, use -> !use.isOver(at));
    }

    boolean isAlive(int block) {
        return contains(block, use -> use.until == Use.OPEN_END);
    }

    private boolean contains(int block, Predicate<Use> wanted) {
        int address = addressOf(block);
        for (int port = firstPortOf(block); port < firstPortOf(block) + size; port++) {
            for (Use use : table.onPort(port)) {
                if (use.kind != Use.Kind.ASIDE && use.spot.address() == address && wanted.test(use)) {
                    return true;
                }
            }
        }
        return false;
    }

    boolean isOwnedBy(int block, Subscriber subscriber) {
        return subscriber.equals(owners.get(block));
    }

    boolean isLent(int block) {
        return owners.containsKey(block);
    }

    boolean isFree(int block, long at) {
        return !isLent(block) || (used.contains(block) && !isInUse(block, at));
    }

    /** Blocks that {@code subscriber} has at {@code at}. */
    int countOf(Subscriber subscriber, long at, IntPredicate counts) {
        return count(block -> isOwnedBy(block, subscriber) && !isFree(block, at) && counts.test(block));
    }

    int count(IntPredicate wanted) {
        int found = 0;
        for (int block = 0; block < count; block++) {
            if (wanted.test(block)) {
                found++;
            }
        }
        return found;
    }

    void lend(int block, Subscriber subscriber) {
        owners.put(block, subscriber);
        allocated++;
    }

    /** A flow has been given a port of it. */
    void use(int block) {
        used.add(block);
    }

    boolean isUsed(int block) {
        return used.contains(block);
    }

    void giveBack(int block) {
        owners.remove(block);
        used.remove(block);
        released++;
    }
}
