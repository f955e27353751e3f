package dev.cgnat.proxy.config;

import java.util.List;
import java.util.Map;

/** A piece of YAML with its place. Immutable; the same piece may stand in several trees. */
public sealed interface ConfigNode {
    /** Where it begins. */
    Position at();

    /** How to name it in a message: its text, or what it is if it has none. */
    String describe();

    /**
     * One value.
     *
     * @param text as written, without quotes
     * @param isNull it is {@code null}, {@code ~} or nothing at all
     */
    record Scalar(Position at, String text, boolean isNull) implements ConfigNode {
        @Override
        public String describe() {
            return isNull ? "nothing" : text;
        }
    }

    /** A list. */
    record Sequence(Position at, List<ConfigNode> items) implements ConfigNode {
        public Sequence {
            items = List.copyOf(items);
        }

        @Override
        public String describe() {
            return "a list";
        }
    }

    /**
     * Keys and values.
     *
     * @param entries in the order of the file, which is why it is not copied
     */
    record Mapping(Position at, Map<String, Entry> entries) implements ConfigNode {
        @Override
        public String describe() {
            return "keys and values";
        }
    }

    /** The value of a key. */
    record Entry(Position keyAt, ConfigNode value) {}
}
