package dev.cgnat.proxy.config;

import dev.cgnat.proxy.config.ConfigNode.Entry;
import dev.cgnat.proxy.config.ConfigNode.Mapping;
import dev.cgnat.proxy.config.ConfigNode.Scalar;
import dev.cgnat.proxy.config.ConfigNode.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The values of one mapping, by key. Whatever cannot be read becomes a problem with its place and reads as absent, so
 * that the rest can be read too.
 */
public final class Fields {
    private final Mapping mapping;
    private final String path;
    private final Keys section;
    private final Problems problems;

    private Fields(Mapping mapping, String path, Keys section, Problems problems) {
        this.mapping = mapping;
        this.path = path;
        this.section = section;
        this.problems = problems;
    }

    /**
     * The fields of {@code node}, whose unknown keys are reported at once. Nothing at all reads as a mapping without
     * keys: it is what remains when every key of a section is commented out.
     *
     * @param section the keys that it may have
     * @param path of the mapping itself, empty for a whole file
     */
    public static Fields of(ConfigNode node, String path, Keys section, Problems problems) {
        Fields fields;
        if (node instanceof Mapping mapping) {
            fields = new Fields(mapping, path, section, problems);
        } else {
            if (!(node instanceof Scalar scalar && scalar.isNull())) {
                problems.error(node.at(), path, node.describe() + " (expected: " + Words.or(section.keys()) + ")");
            }
            fields = new Fields(new Mapping(node.at(), Map.of()), path, section, problems);
        }
        fields.mapping.entries().forEach(fields::requireKnown);
        return fields;
    }

    /** Full path of the mapping itself, such as {@code pools[0]}; empty for a whole file. */
    public String path() {
        return path;
    }

    /** Where the mapping begins. */
    public Position at() {
        return mapping.at();
    }

    /** Where the value of {@code key} begins, or the mapping if it has none. */
    public Position at(String key) {
        return find(key).map(ConfigNode::at).orElse(mapping.at());
    }

    /** Where the value of a key of this mapping, or of one below it such as {@code blocks.size}, begins. */
    Position place(String key) {
        int dot = key.indexOf('.');
        if (dot < 0) {
            return at(key);
        }
        Optional<Position> inner = find(key.substring(0, dot))
                .filter(Mapping.class::isInstance)
                .map(node -> ((Mapping) node).entries().get(key.substring(dot + 1)))
                .map(entry -> entry.value().at());
        return inner.orElseGet(() -> at(key.substring(0, dot)));
    }

    /** Full path of a key of this mapping. */
    public String path(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    public boolean has(String key) {
        return find(key).isPresent();
    }

    /** Whether something stands under {@code key}, right or wrong, other than an empty list. */
    boolean hasValues(String key) {
        return find(key)
                .filter(node -> !(node instanceof Sequence list && list.items().isEmpty()))
                .isPresent();
    }

    /** The value as it was written. */
    public Optional<ConfigNode> find(String key) {
        if (!section.keys().contains(key)) {
            throw new IllegalArgumentException("key: " + key + " (expected: one of " + section.keys() + ")");
        }
        return Optional.ofNullable(mapping.entries().get(key)).map(Entry::value);
    }

    /** The mapping under {@code key}; one without keys if there is none. */
    public Fields section(String key, Keys kind) {
        ConfigNode node = find(key).orElseGet(() -> new Mapping(mapping.at(), Map.of()));
        return of(node, path(key), kind, problems);
    }

    /** The mappings under {@code key}; empty, which is then a problem, if there is no list of at least one. */
    public List<Fields> sections(String key, Keys kind) {
        Optional<ConfigNode> found = find(key);
        if (found.isEmpty()) { // the loader adds the key to every mapping, so this file is none, which was reported
            return List.of();
        }
        ConfigNode node = found.get();
        if (!(node instanceof Sequence sequence) || sequence.items().isEmpty()) {
            String given = node instanceof Sequence ? "[]" : node.describe();
            problems.error(node.at(), path(key), given + " (expected: a list of at least one)");
            return List.of();
        }
        List<Fields> result = new ArrayList<>();
        for (ConfigNode item : sequence.items()) {
            result.add(of(item, path(key) + "[" + result.size() + "]", kind, problems));
        }
        return result;
    }

    /** The value of {@code key}; empty if there is none, or none that can be read. */
    public <T> Optional<Located<T>> read(String key, Leaf<T> leaf) {
        return find(key).flatMap(node -> parse(key, node, leaf));
    }

    /** The value of {@code key}; {@code fallback} if there is none, or none that can be read. */
    public <T> T read(String key, Leaf<T> leaf, T fallback) {
        return read(key, leaf).map(Located::value).orElse(fallback);
    }

    /** The values of {@code key}, which may be one value or a list; those that can be read. */
    public <T> List<Located<T>> readList(String key, Leaf<T> leaf) {
        Optional<ConfigNode> node = find(key);
        if (node.isEmpty()) {
            return List.of();
        }
        List<ConfigNode> items = node.get() instanceof Sequence sequence ? sequence.items() : List.of(node.get());
        return items.stream().flatMap(item -> parse(key, item, leaf).stream()).toList();
    }

    /** As {@link #readList}; a list without values is a problem. */
    public <T> List<Located<T>> readSome(String key, Leaf<T> leaf) {
        if (find(key)
                .filter(node -> node instanceof Sequence list && list.items().isEmpty())
                .isPresent()) {
            error(at(key), key, "[] (expected: at least one)");
        }
        return readList(key, leaf);
    }

    /** Reports a value of {@code key} that does not go with the rest. */
    public void error(Position at, String key, String message) {
        problems.error(at, path(key), message);
    }

    /** As {@link #error}, but the configuration can be used. */
    void warning(Position at, String key, String message) {
        problems.warning(at, path(key), message);
    }

    /** Reports what the constructor of a record found, at the key that its message begins with. */
    public void refused(IllegalArgumentException e) {
        String message = String.valueOf(e.getMessage());
        int colon = message.indexOf(": ");
        String key = colon < 0 ? "" : message.substring(0, colon);
        int dot = key.indexOf('.');
        String outer = dot < 0 ? key : key.substring(0, dot);
        if (section.keys().contains(outer)) {
            problems.error(place(key), path(key), message.substring(colon + 2));
        } else {
            problems.error(at(), path, message);
        }
    }

    private <T> Optional<Located<T>> parse(String key, ConfigNode node, Leaf<T> leaf) {
        // A list or mapping is no text that any leaf knows, so the leaf says what it expects.
        String text = node instanceof Scalar scalar && !scalar.isNull() ? scalar.text() : "";
        try {
            T value = leaf.parse(text);
            if (node instanceof Scalar) {
                return Optional.of(new Located<>(value, node.at(), text));
            }
            throw new IllegalArgumentException("(expected: one value)");
        } catch (IllegalArgumentException e) {
            problems.error(node.at(), path(key), node.describe() + " " + Words.expectation(e));
            return Optional.empty();
        }
    }

    private void requireKnown(String key, Entry entry) {
        if (!section.keys().contains(key)) {
            String advice = Words.closest(key, section.keys())
                    .map(close -> ", did you mean \"" + close + "\"?")
                    .orElseGet(() -> " (expected: " + Words.or(section.keys()) + ")");
            problems.error(entry.keyAt(), path(key), "unknown key" + advice);
        }
    }
}
