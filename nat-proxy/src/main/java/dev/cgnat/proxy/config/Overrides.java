package dev.cgnat.proxy.config;

import dev.cgnat.proxy.config.ConfigNode.Entry;
import dev.cgnat.proxy.config.ConfigNode.Mapping;
import dev.cgnat.proxy.config.ConfigNode.Scalar;
import dev.cgnat.proxy.config.ConfigNode.Sequence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Puts values of the command line into a tree: {@code pools.0.ports=1024-2047}, or {@code pools[0].ports=…}. */
final class Overrides {
    private final Problems problems;

    Overrides(Problems problems) {
        this.problems = problems;
    }

    /** The tree with the value of one {@code key=value}; the tree as it is, and a problem, if that cannot be done. */
    ConfigNode apply(ConfigNode tree, String set) {
        String label = "--set " + set;
        int equals = set.indexOf('=');
        if (equals < 1) {
            problems.error(Position.whole(label), "", set + " (expected: key=value, such as pools.0.ports=1024-2047)");
            return tree;
        }
        long before = problems.errors();
        Optional<ConfigNode> value = YamlReader.readValue(set.substring(equals + 1), label, problems);
        if (problems.errors() > before) {
            return tree;
        }
        ConfigNode put = value.orElseGet(() -> nothing(label));
        List<String> keys = Arrays.asList(
                set.substring(0, equals).strip().replaceAll("\\[(\\d+)]", ".$1").split("\\.", -1));
        return put(tree, keys, 0, put, label);
    }

    /** The tree with {@code value} under a key of its root. */
    ConfigNode put(ConfigNode tree, String key, String value, String label) {
        return put(tree, List.of(key), 0, new Scalar(Position.whole(label), value, false), label);
    }

    private ConfigNode put(ConfigNode node, List<String> keys, int depth, ConfigNode value, String label) {
        if (depth == keys.size()) {
            return value;
        }
        String key = keys.get(depth);
        boolean absent = node instanceof Scalar scalar && scalar.isNull();
        String path = String.join(".", keys.subList(0, depth)).replaceAll("\\.(\\d+)", "[$1]");
        if (key.matches("\\d{1,6}") && (absent || node instanceof Sequence)) {
            List<ConfigNode> items =
                    node instanceof Sequence sequence ? new ArrayList<>(sequence.items()) : new ArrayList<>();
            int index = Integer.parseInt(key);
            if (index > items.size()) {
                problems.error(
                        Position.whole(label),
                        path + "[" + index + "]",
                        "no such entry (expected: 0 to " + items.size() + ")");
                return node;
            }
            if (index == items.size()) {
                items.add(nothing(label));
            }
            items.set(index, put(items.get(index), keys, depth + 1, value, label));
            return new Sequence(node.at(), items);
        }
        if (!key.matches("\\d{1,6}") && (absent || node instanceof Mapping)) {
            Map<String, Entry> entries =
                    node instanceof Mapping mapping ? new LinkedHashMap<>(mapping.entries()) : new LinkedHashMap<>();
            Entry old = entries.getOrDefault(key, new Entry(Position.whole(label), nothing(label)));
            entries.put(key, new Entry(old.keyAt(), put(old.value(), keys, depth + 1, value, label)));
            return new Mapping(node.at(), entries);
        }
        String expected = key.matches("\\d{1,6}") ? "a list" : "keys and values";
        problems.error(
                Position.whole(label),
                path,
                node.describe() + " (expected: " + expected + ", to set " + key + " in it)");
        return node;
    }

    private static Scalar nothing(String label) {
        return new Scalar(Position.whole(label), "", true);
    }
}
