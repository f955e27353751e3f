package dev.cgnat.proxy.config;

import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.config.PoolConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A pool that was read, before it is known to go with the rest of the configuration.
 *
 * @param fields where it was read
 * @param addresses as listed, with places, the excluded ones too
 * @param pool empty if something in it is wrong, so that comparing it with others would tell the same mistake twice
 */
record PoolDraft(
        Fields fields, String name, List<Located<AddressRange>> addresses, PoolRules rules, Optional<PoolConfig> pool) {
    static final String DEFAULT_NAME = "main";

    /**
     * The pool of {@code fields} over {@code base}.
     *
     * @param only it is the only one, so it needs no name
     * @param profile whose rules {@code base} are
     */
    static PoolDraft read(Fields fields, boolean only, PoolRules base, String profile, Problems problems) {
        long before = problems.errors();
        String name = readName(fields, only);
        List<Located<AddressRange>> addresses = readAddresses(fields);
        List<Located<AddressRange>> excluded = fields.readList("exclude", Leaves::addresses);
        PoolRules rules = base.overriddenBy(fields, problems, profile);
        List<AddressRange> lent = Leaves.subtract(values(addresses), values(excluded));
        if (problems.errors() == before) {
            checkExclusions(fields, addresses, excluded, lent);
            checkPorts(fields, rules);
            checkQueue(fields, rules.exhaustion());
        }
        if (problems.errors() == before) {
            new PoolChecks(fields, rules, lent).run();
        }
        Optional<PoolConfig> pool = problems.errors() == before ? make(fields, name, lent, rules) : Optional.empty();
        return new PoolDraft(fields, name, addresses, rules, pool);
    }

    /** The ranges of this pool with an address whose ports {@code other} would lend as well. */
    List<AddressRange> rangesInCommon(PoolDraft other) {
        if (pool.isEmpty() || other.pool.isEmpty() || !rules.usablePorts().intersects(other.rules.usablePorts())) {
            return List.of();
        }
        List<AddressRange> theirs = other.pool.get().addresses();
        return pool.get().addresses().stream()
                .filter(mine -> theirs.stream().anyMatch(their -> overlap(mine, their)))
                .toList();
    }

    /** Whether it would lend ports of {@code address}. */
    boolean lends(IpAddress address) {
        return pool.isPresent() && pool.get().addresses().stream().anyMatch(range -> range.contains(address));
    }

    /** Whether it would lend {@code port}, on whatever address. */
    boolean lendsPort(int port) {
        return pool.isPresent() && rules.usablePorts().get(port);
    }

    /** The constructor has the last word, and what it says is a problem like any other. */
    private static Optional<PoolConfig> make(Fields fields, String name, List<AddressRange> lent, PoolRules rules) {
        try {
            return Optional.of(rules.toPool(name, lent));
        } catch (IllegalArgumentException e) {
            fields.refused(e);
            return Optional.empty();
        }
    }

    private static String readName(Fields fields, boolean only) {
        if (!only && !fields.has("name")) {
            fields.error(fields.at(), "name", "missing (expected: a name, as there are several pools)");
        }
        // A pool whose name is a mistake gets one that clashes with no other.
        String fallback = only && !fields.has("name") ? DEFAULT_NAME : fields.path();
        return fields.read("name", Leaves::text, fallback);
    }

    private static List<Located<AddressRange>> readAddresses(Fields fields) {
        if (!fields.has("addresses")) {
            return List.of(new Located<>(PoolRules.DEFAULT_ADDRESS, fields.at(), PoolRules.DEFAULT_ADDRESS.toString()));
        }
        List<Located<AddressRange>> addresses = fields.readSome("addresses", Leaves::addresses);
        List<Located<AddressRange>> earlier = new ArrayList<>();
        for (Located<AddressRange> range : addresses) {
            earlier.stream()
                    .filter(other -> overlap(other.value(), range.value()))
                    .findFirst()
                    .ifPresent(other -> fields.error(
                            range.at(),
                            "addresses",
                            range.text() + " (expected: no overlap with " + other.text() + ")"));
            earlier.add(range);
        }
        return addresses;
    }

    private static void checkExclusions(
            Fields fields,
            List<Located<AddressRange>> addresses,
            List<Located<AddressRange>> excluded,
            List<AddressRange> lent) {
        if (lent.isEmpty() && !addresses.isEmpty()) {
            fields.error(fields.at("exclude"), "exclude", "every address (expected: at least one left to lend)");
            return;
        }
        for (Located<AddressRange> hole : excluded) {
            if (addresses.stream().noneMatch(range -> overlap(range.value(), hole.value()))) {
                fields.warning(hole.at(), "exclude", hole.text() + " is not among the addresses");
            }
        }
    }

    private static void checkPorts(Fields fields, PoolRules rules) {
        if (rules.usablePorts().isEmpty() && !rules.ports().isEmpty()) {
            // A profile may bring either of the two; the file's own key is the one to blame.
            String key = fields.has("exclude-ports") ? "exclude-ports" : "ports";
            fields.error(fields.at(key), key, "no port is left of " + rules.ports() + " (expected: at least one)");
        }
    }

    private static void checkQueue(Fields fields, ExhaustionRules rules) {
        if (rules.action() == ExhaustionAction.QUEUE) {
            if (rules.queueLimit() == 0) {
                fields.error(
                        fields.at("queue-limit"), "queue-limit", "0 (expected: at least 1 with on-exhaustion: queue)");
            }
            return;
        }
        for (String key : List.of("queue-timeout", "queue-limit")) {
            if (fields.has(key)) {
                fields.warning(fields.at(key), key, "has no effect without on-exhaustion: queue");
            }
        }
    }

    private static boolean overlap(AddressRange a, AddressRange b) {
        return a.contains(b.first()) || b.contains(a.first());
    }

    private static List<AddressRange> values(List<Located<AddressRange>> ranges) {
        return ranges.stream().map(Located::value).toList();
    }
}
