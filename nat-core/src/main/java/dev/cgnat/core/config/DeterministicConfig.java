package dev.cgnat.core.config;

import dev.cgnat.core.address.AddressRange;
import java.util.List;

/**
 * Deterministic NAT (RFC 7422): each internal address has ports of its own that follow from a formula, so no log is needed
 * to tell whose they are.
 *
 * @param inside internal addresses that are served, at least one, in the order of their shares
 * @param dynamicFactor D of RFC 7422, 0 to 65,535: as many shares of each external address as D are kept apart and lent in
 *     port blocks to whoever runs out; {@link DeterministicScheme#SEQUENTIAL} only, else 0
 * @param share ports per subscriber, 1 to 65,535; 0 = as many as the external addresses allow;
 *     {@link DeterministicScheme#JUNIPER} only, else 0
 */
public record DeterministicConfig(List<AddressRange> inside, DeterministicScheme scheme, int dynamicFactor, int share) {
    private static final int MAX = 65_535;

    public DeterministicConfig {
        inside = List.copyOf(inside);
        if (inside.isEmpty()) {
            throw new IllegalArgumentException("inside: [] (expected: at least one address)");
        }
        for (int i = 0; i < inside.size(); i++) {
            for (AddressRange earlier : inside.subList(0, i)) {
                if (earlier.contains(inside.get(i).first()) || inside.get(i).contains(earlier.first())) {
                    throw new IllegalArgumentException(
                            "inside: " + inside.get(i) + " (expected: no overlap with " + earlier + ")");
                }
            }
        }
        if (dynamicFactor < 0 || dynamicFactor > (scheme == DeterministicScheme.SEQUENTIAL ? MAX : 0)) {
            throw new IllegalArgumentException("dynamic-factor: " + dynamicFactor
                    + " (expected: 0 to 65535 with scheme sequential, 0 with the others)");
        }
        if (share < 0 || share > (scheme == DeterministicScheme.JUNIPER ? MAX : 0)) {
            throw new IllegalArgumentException(
                    "share: " + share + " (expected: 0 to 65535 with scheme juniper, 0 with the others)");
        }
    }

    /** RFC 7422's formula without dynamic ports. */
    public static DeterministicConfig sequential(AddressRange... inside) {
        return new DeterministicConfig(List.of(inside), DeterministicScheme.SEQUENTIAL, 0, 0);
    }
}
