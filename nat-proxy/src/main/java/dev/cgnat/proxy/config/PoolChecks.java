package dev.cgnat.proxy.config;

import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.config.DeterministicConfig;
import dev.cgnat.core.config.DeterministicScheme;
import dev.cgnat.core.config.Mapping;
import dev.cgnat.core.config.Pooling;
import dev.cgnat.core.config.PortBlockConfig;
import dev.cgnat.core.config.ReuseScope;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Which rules of one pool do not go together, and which have no effect. Only the keys that the file itself has are warned
 * of: what a profile brings is its author's business.
 */
final class PoolChecks {
    private final Fields fields;
    private final PoolRules rules;
    private final List<AddressRange> lent;

    PoolChecks(Fields fields, PoolRules rules, List<AddressRange> lent) {
        this.fields = fields;
        this.rules = rules;
        this.lent = lent;
    }

    void run() {
        checkMapping();
        rules.deterministic().ifPresent(this::checkDeterministic);
        rules.blocks().ifPresent(this::checkBlocks);
        warnOfNoEffect();
    }

    private void checkMapping() {
        Mapping mapping = rules.mapping().behaviour();
        ReuseScope scope = rules.reuseScope();
        if (!scope.allows(mapping)) {
            String scopes =
                    mapping == Mapping.ENDPOINT_INDEPENDENT ? "host or address" : "host, address or remote-host";
            // The file's own key is the one to blame: the other may be a default or the profile's.
            if (fields.has("reuse-scope") || !fields.has("mapping")) {
                error("reuse-scope", scope.key() + " (expected: " + scopes + " with mapping " + mapping.key() + ")");
            } else {
                error("mapping", mapping.key() + " (expected: reuse-scope " + scopes + " beside it)");
            }
        }
    }

    private void checkBlocks(PortBlockConfig blocks) {
        int usable = rules.usablePorts().cardinality();
        if (rules.reuseScope() == ReuseScope.HOST) {
            error("blocks", "with reuse-scope host (expected: address, remote-host or four-tuple)");
            return;
        }
        if (blocks.size() > usable) {
            error("blocks.size", blocks.size() + " (expected: at most the " + usable + " usable ports)");
            return;
        }
        int left = usable % blocks.size();
        boolean isOwn = fields.has("blocks") || fields.has("ports") || fields.has("exclude-ports");
        if (left > 0 && isOwn && rules.deterministic().isEmpty()) {
            String ports = rules.ports().stream().map(Object::toString).collect(Collectors.joining(", "));
            String key = fields.has("blocks") ? "blocks.size" : "ports";
            fields.warning(
                    fields.place(key),
                    "blocks.size",
                    blocks.size() + " leaves " + left + " of the " + usable + " ports of " + ports + " unusable");
        }
    }

    private void checkDeterministic(DeterministicConfig plan) {
        if (rules.ports().size() != 1 || !rules.excludePorts().isEmpty()) {
            String key = fields.has("exclude-ports") ? "exclude-ports" : "ports";
            error(key, "with deterministic (expected: one unbroken range of ports)");
        } else if (rules.reuseScope() == ReuseScope.HOST) {
            error("deterministic", "with reuse-scope host (expected: address, remote-host or four-tuple)");
        } else if (rules.pooling().behaviour() != Pooling.PAIRED) {
            error("pooling", "arbitrary (expected: paired with deterministic)");
        } else if (plan.dynamicFactor() > 0 && rules.blocks().isEmpty()) {
            error("deterministic.dynamic-factor", plan.dynamicFactor() + " (expected: 0 without blocks)");
        } else if (plan.dynamicFactor() == 0 && rules.blocks().isPresent()) {
            error("blocks", "with deterministic (expected: a dynamic-factor above 0, whose ports are lent in blocks)");
        } else {
            checkShares(plan);
        }
    }

    private void checkShares(DeterministicConfig plan) {
        long inside = size(plan.inside());
        long outside = size(lent);
        if (plan.scheme() == DeterministicScheme.VPP && Long.bitCount(inside) != 1) {
            error("deterministic.inside", inside + " addresses (expected: a power of two with scheme vpp)");
        } else if (plan.scheme() == DeterministicScheme.VPP && Long.bitCount(outside) != 1) {
            error("addresses", outside + " addresses (expected: a power of two with scheme vpp)");
        } else {
            int usable = rules.usablePorts().cardinality();
            long perAddress = (inside + outside - 1) / outside + plan.dynamicFactor();
            if (plan.share() > usable) {
                error("deterministic.share", plan.share() + " (expected: at most the " + usable + " usable ports)");
            } else if (plan.share() == 0 && perAddress > usable) {
                error(
                        "deterministic.inside",
                        inside + " addresses (expected: at most one for each of the " + usable + " ports of " + outside
                                + " external addresses)");
            }
        }
    }

    private void warnOfNoEffect() {
        boolean paired = rules.pooling().behaviour() == Pooling.PAIRED;
        warn("paired-idle", paired, "pooling: paired");
        warn("paired-overflow", paired, "pooling: paired");
    }

    private void warn(String key, boolean effective, String condition) {
        if (!effective && fields.has(key)) {
            fields.warning(fields.at(key), key, "has no effect without " + condition);
        }
    }

    private void error(String key, String message) {
        fields.error(fields.place(key), key, message);
    }

    private static long size(List<AddressRange> ranges) {
        return ranges.stream().mapToLong(AddressRange::size).sum();
    }
}
