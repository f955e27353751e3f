package dev.cgnat.core.model;

import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.config.DeterministicConfig;
import dev.cgnat.core.config.PoolConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whose ports are whose by RFC 7422 section 2 and its cousins. */
final class ModelShares {
    /** Port indexes {@code first} to {@code first + size - 1} of an external address. */
    record Share(int address, int first, int size) {
        boolean has(int ofAddress, int port) {
            return ofAddress == address && first <= port && port < first + size;
        }
    }

    /** Those that are served, in the order of their shares. */
    private final List<IpAddress> inside = new ArrayList<>();

    private final int size;
    private final int perAddress;
    private final int outside;

    ModelShares(PoolConfig config) {
        DeterministicConfig rules = config.deterministic().orElseThrow();
        for (AddressRange range : rules.inside()) {
            for (int i = 0; i < range.size(); i++) {
                if (!isLeftOut(rules, range, i)) {
                    inside.add(range.first().plus(i));
                }
            }
        }
        int usable = config.usablePorts();
        outside = config.addressCount();
        int ratio = (inside.size() + outside - 1) / outside;
        switch (rules.scheme()) {
            case SEQUENTIAL, VPP -> {
                size = usable / (ratio + rules.dynamicFactor());
                perAddress = ratio;
            }
            case JUNIPER -> {
                size = rules.share() > 0 ? rules.share() : usable / ratio;
                perAddress = usable / size;
            }
            default -> throw new AssertionError(rules);
        }
    }

    private static boolean isLeftOut(DeterministicConfig rules, AddressRange range, int i) {
        return switch (rules.scheme()) {
            case SEQUENTIAL, VPP -> false;
            case JUNIPER -> range.size() > 2 && (i == 0 || i == range.size() - 1);
        };
    }

    Optional<Share> of(IpAddress internal) {
        int s = inside.indexOf(internal);
        return s < 0 || s / perAddress >= outside
                ? Optional.empty()
                : Optional.of(new Share(s / perAddress, s % perAddress * size, size));
    }

    /** Index of the first port that is in nobody's share; sequential only. */
    int firstDynamicPort() {
        return perAddress * size;
    }
}
