package dev.cgnat.core;

import dev.cgnat.core.Explanation.Remedy;
import dev.cgnat.core.Outcome.Refused;
import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.pool.Shortage;
import java.util.Optional;

/** Says to the caller what a pool was short of, and what would have helped. */
final class Refusals {
    private Refusals() {}

    static Refused of(Shortage shortage, PoolConfig config) {
        return switch (shortage.cause()) {
            case BLOCK_LIMIT ->
                refused(Refusal.BLOCK_LIMIT, shortage, config, Remedy.MORE_BLOCKS, shortage.limit() + 1);
            case NOT_INSIDE -> refused(Refusal.BLOCK_LIMIT, shortage, config, Remedy.INSIDE, 0);
            case SESSIONS_PER_DESTINATION ->
                refused(
                        Refusal.DESTINATION_LIMIT,
                        shortage,
                        config,
                        Remedy.SESSIONS_PER_DESTINATION,
                        shortage.limit() + 1);
            case PORTS_PER_DESTINATION ->
                refused(
                        Refusal.DESTINATION_LIMIT,
                        shortage,
                        config,
                        Remedy.PORTS_PER_DESTINATION,
                        shortage.limit() + 1);
            case PAIRED_ADDRESS_FULL -> refused(Refusal.PAIRED_ADDRESS_FULL, shortage, config, Remedy.SPILL, 0);
            case ADDRESS_DISABLED -> refused(Refusal.EXHAUSTED, shortage, config, Remedy.ENABLED_ADDRESS, 0);
            case HELD -> refused(Refusal.HELD, shortage, config, Remedy.SHORTER_HOLD_DOWN, 0);
            case EXHAUSTED -> refused(Refusal.EXHAUSTED, shortage, config, Remedy.MORE_PORTS, 0);
            case SEARCH_GAVE_UP -> refused(Refusal.SEARCH_GAVE_UP, shortage, config, Remedy.EXACT_SELECTION, 0);
        };
    }

    private static Refused refused(Refusal reason, Shortage shortage, PoolConfig config, Remedy remedy, long amount) {
        Explanation why = new Explanation(
                address(shortage, config),
                shortage.slots(),
                shortage.live(),
                shortage.held(),
                shortage.reserved(),
                remedy,
                amount);
        return new Refused(reason, shortage.notBeforeNanos(), shortage.isPickHeld(), why);
    }

    private static Optional<IpAddress> address(Shortage shortage, PoolConfig config) {
        return address(shortage.addressIndex(), config);
    }

    /** The address of that index; empty if it is negative and there are several. */
    static Optional<IpAddress> address(int number, PoolConfig config) {
        int index = config.addressCount() == 1 ? 0 : number;
        for (AddressRange range : config.addresses()) {
            if (index >= 0 && index < range.size()) {
                return Optional.of(range.first().plus(index));
            }
            index -= range.size();
        }
        return Optional.empty();
    }
}
