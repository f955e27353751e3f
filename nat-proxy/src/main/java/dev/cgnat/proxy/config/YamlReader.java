package dev.cgnat.proxy.config;

import dev.cgnat.proxy.config.ConfigNode.Entry;
import dev.cgnat.proxy.config.ConfigNode.Mapping;
import dev.cgnat.proxy.config.ConfigNode.Scalar;
import dev.cgnat.proxy.config.ConfigNode.Sequence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** Makes positioned trees of YAML text; everything that YAML itself forbids becomes a problem. */
public final class YamlReader {
    private final String file;
    private final Function<Mark, Position> positions;
    private final Problems problems;
    /** Converted nodes, because an alias is the same node again; empty = still being converted, so it holds itself. */
    private final IdentityHashMap<Node, Optional<ConfigNode>> converted = new IdentityHashMap<>();

    private YamlReader(String file, Function<Mark, Position> positions, Problems problems) {
        this.file = file;
        this.positions = positions;
        this.problems = problems;
    }

    /** The tree of a file; empty if it has no content or cannot be read as YAML, which is then a problem. */
    public static Optional<ConfigNode> read(String text, String file, Problems problems) {
        return new YamlReader(file, mark -> new Position(file, mark.getLine() + 1, mark.getColumn() + 1), problems)
                .compose(text);
    }

    /** As {@link #read}, for a value of the command line, where lines and columns mean nothing. */
    static Optional<ConfigNode> readValue(String text, String file, Problems problems) {
        return new YamlReader(file, mark -> Position.whole(file), problems).compose(text);
    }

    private Optional<ConfigNode> compose(String text) {
        LoadSettings settings = LoadSettings.builder()
                .setSchema(new CoreSchema()) // ~ is null
                .setAllowDuplicateKeys(true) // reported here, with the position of the first
                .setAllowNonScalarKeys(true) // likewise
                .build();
        try {
            return new Compose(settings).composeString(text).flatMap(root -> convert(root, ""));
        } catch (MarkedYamlEngineException e) {
            problems.error(position(e.getProblemMark().or(e::getContextMark)), "", syntaxMessage(e));
        } catch (ReaderException e) {
            problems.error(
                    positionAt(text, e.getPosition()),
                    "",
                    String.format("character U+%04X (expected: printable characters)", e.getCodePoint()));
        } catch (YamlEngineException e) {
            problems.error(Position.whole(file), "", String.valueOf(e.getMessage()));
        } catch (StackOverflowError e) { // the composer recurses without a limit of its own
            problems.error(Position.whole(file), "", "lists or keys are nested too deeply");
        }
        return Optional.empty();
    }

    /** The piece of {@code node}; empty, and a problem, where an alias would make it hold itself. */
    private Optional<ConfigNode> convert(Node node, String path) {
        Optional<ConfigNode> known = converted.get(node);
        if (known == null) {
            converted.put(node, Optional.empty());
            known = Optional.of(convertFresh(node, path));
            converted.put(node, known);
        } else if (known.isEmpty()) {
            problems.error(position(node.getStartMark()), path, "the anchor stands inside itself");
        }
        return known;
    }

    private ConfigNode convertFresh(Node node, String path) {
        Position at = position(node.getStartMark());
        String tag = node.getTag().getValue();
        if (!tag.startsWith(Tag.PREFIX)) {
            problems.error(at, path, tag + " (expected: no tag)");
        }
        if (node instanceof MappingNode mapping) {
            return convertMapping(at, mapping, path);
        }
        if (node instanceof SequenceNode sequence) {
            List<ConfigNode> items = new ArrayList<>();
            for (Node item : sequence.getValue()) {
                convert(item, path + "[" + items.size() + "]").ifPresent(items::add);
            }
            return new Sequence(at, items);
        }
        return new Scalar(at, ((ScalarNode) node).getValue(), node.getTag().equals(Tag.NULL));
    }

    private Mapping convertMapping(Position at, MappingNode mapping, String path) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        Map<String, Position> first = new HashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            Position keyAt = position(tuple.getKeyNode().getStartMark());
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                problems.error(keyAt, path, "a key that is not a word (expected: key: value)");
                continue;
            }
            String full = path.isEmpty() ? key.getValue() : path + "." + key.getValue();
            Position earlier = first.putIfAbsent(key.getValue(), keyAt);
            if (earlier == null) {
                convert(tuple.getValueNode(), full)
                        .ifPresent(value -> entries.put(key.getValue(), new Entry(keyAt, value)));
            } else {
                String where = earlier.line() == 0 ? "" : ", first in line " + earlier.line();
                problems.error(keyAt, full, "duplicate key" + where);
            }
        }
        return new Mapping(at, entries);
    }

    private Position position(Optional<Mark> mark) {
        return mark.map(positions).orElseGet(() -> Position.whole(file));
    }

    private Position positionAt(String text, int codePoint) {
        int end = text.offsetByCodePoints(0, Math.min(codePoint, text.codePointCount(0, text.length())));
        String before = text.substring(0, end);
        int line = (int) before.lines().count() + (before.isEmpty() || before.endsWith("\n") ? 1 : 0);
        return new Position(file, line, end - (before.lastIndexOf('\n') + 1) + 1);
    }

    private static String syntaxMessage(MarkedYamlEngineException e) {
        boolean hasContext = e.getContext() != null && !e.getContext().isEmpty();
        return "not YAML: " + e.getProblem() + (hasContext ? ", " + e.getContext() : "");
    }
}
