package dev.cgnat.core.model;

import dev.cgnat.core.NatSnapshot.BlockCounts;
import dev.cgnat.core.NatSnapshot.PairCounts;
import dev.cgnat.core.NatSnapshot.PoolSnapshot;
import dev.cgnat.core.address.PortRange;
import dev.cgnat.core.address.Protocol;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Compares the totals of a pool with those that its lists give, when nothing that is over is left in either. */
final class SnapshotCheck {
    private final ModelPool pool;
    private final int countedAddresses;
    private final int configuredPorts;
    /** Whether a unit is a set of alike slots, so that what the fullest holds is told by its slots alone. */
    private final boolean isPlain;

    SnapshotCheck(ModelPool pool, boolean isPlain) {
        this.pool = pool;
        this.isPlain = isPlain;
        countedAddresses = pool.isHostScope() ? 1 : pool.table.addresses.size();
        configuredPorts = pool.config.ports().stream().mapToInt(PortRange::size).sum();
    }

    /** What differs, empty if nothing does. */
    String difference(PoolSnapshot snapshot) {
        for (Protocol protocol : Protocol.values()) {
            PairCounts counts = pairs(protocol);
            if (!counts.equals(snapshot.pairs(protocol)) || counts.free() < 0) {
                return protocol + " " + counts + ", not " + snapshot.pairs(protocol);
            }
        }
        if (pool.live.size() != snapshot.sessions()) {
            return "sessions " + pool.live.size() + ", not " + snapshot.sessions();
        }
        if (pool.rests.size() != snapshot.heldSlots()) {
            return "held slots " + pool.rests.size() + ", not " + snapshot.heldSlots();
        }
        if (pool.mappings.size() != snapshot.mappings()) {
            return "mappings " + pool.mappings.size() + ", not " + snapshot.mappings();
        }
        if (pool.waiting.size() != snapshot.waiting()) {
            return "waiting " + pool.waiting.size() + ", not " + snapshot.waiting();
        }
        if (pool.unsafeReuses != snapshot.unsafeReuses()) {
            return "unsafe reuses " + pool.unsafeReuses + ", not " + snapshot.unsafeReuses();
        }
        if (pool.disabled.cardinality() != snapshot.disabledAddresses()) {
            return "disabled " + pool.disabled + ", not " + snapshot.disabledAddresses();
        }
        int perAddress =
                snapshot.inUseByAddress().stream().mapToInt(Integer::intValue).sum();
        if (!pool.isHostScope() && perAddress != snapshot.pairs(Protocol.TCP).inUse()) {
            return "in use by address " + snapshot.inUseByAddress();
        }
        BlockCounts blocks = blocks();
        if (!blocks.equals(snapshot.blocks())) {
            return blocks + ", not " + snapshot.blocks();
        }
        return isPlain ? differenceOfUnits(snapshot) : "";
    }

    private PairCounts pairs(Protocol protocol) {
        int inUse = 0;
        int held = 0;
        int reserved = countedAddresses * (configuredPorts - pool.table.ports.length);
        for (int port = 0; port < pool.table.ports.length; port++) {
            for (int address = 0; address < countedAddresses; address++) {
                boolean isLive = false;
                boolean isHeld = false;
                boolean isOut = pool.isHostScope() ? pool.isAllDisabled() : pool.disabled.get(address);
                boolean isAside = isOut || pool.reserved.contains(protocol, address * pool.table.ports.length + port);
                for (Use use : pool.table.onPort(port)) {
                    if (use.spot.protocol() == protocol && (use.spot.address() == address || use.spot.isLegacy())) {
                        isAside |= use.kind == Use.Kind.ASIDE && use.spot.address() == address;
                        isLive |= use.until == Use.OPEN_END;
                        isHeld |= use.kind != Use.Kind.ASIDE;
                    }
                }
                if (isLive) {
                    inUse++;
                } else if (isHeld) {
                    held++;
                } else if (isAside) {
                    reserved++;
                }
            }
        }
        return new PairCounts(countedAddresses * configuredPorts, inUse, held, reserved);
    }

    private BlockCounts blocks() {
        ModelBlocks blocks = pool.blocks;
        int lent = blocks.count(blocks::isLent);
        int held = blocks.count(block -> blocks.isInUse(block, pool.now) && !blocks.isAlive(block));
        // a block that was lent for growth and not used yet counts as in use
        int barred = blocks.count(block -> !blocks.isLent(block) && pool.disabled.get(blocks.addressOf(block)));
        return new BlockCounts(blocks.count - barred, lent - held, held, blocks.allocated, blocks.released);
    }

    private String differenceOfUnits(PoolSnapshot snapshot) {
        Map<List<Object>, Integer> units = new HashMap<>();
        boolean[] isAnyAside = {false};
        pool.table.forEach(use -> {
            isAnyAside[0] |= use.kind == Use.Kind.ASIDE;
            if (use.kind != Use.Kind.ASIDE) {
                units.merge(unit(use.spot, use.spot.address()), 1, Integer::sum);
            }
        });
        double fullest = units.values().stream().mapToInt(count -> count).max().orElse(0);
        double slots =
                pool.config.isPerAddress() ? pool.table.ports.length : pool.table.ports.length * countedAddresses;
        if (fullest / slots != snapshot.maxDestinationUtilization()) {
            return "fullest unit " + fullest / slots + ", not " + snapshot.maxDestinationUtilization();
        }
        int inUse = units.size(); // who waits where nothing is waits for anything, or for nothing that there is
        for (ModelPool.Waiter waiter : pool.waiting) {
            int pair = Math.max(0, pool.table.addresses.indexOf(waiter.address())) * pool.table.ports.length;
            Spot spot = pool.table.spot(
                    waiter.request().protocol(),
                    pair,
                    waiter.request().destination(),
                    pool.mappingOf(waiter.request()),
                    false);
            units.putIfAbsent(unit(spot, spot.address()), 0);
        }
        // what is set aside is reserved in a unit only once a draw has met it there
        boolean isRight = inUse <= snapshot.units() && snapshot.units() <= units.size();
        return isAnyAside[0] || isRight ? "" : "units " + units.keySet() + ", not " + snapshot.units();
    }

    private List<Object> unit(Spot spot, int address) {
        return List.of(spot.protocol(), pool.config.isPerAddress() ? address : 0, spot.remote(), spot.remotePort());
    }
}
