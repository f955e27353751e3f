package dev.cgnat.proxy.config;

import dev.cgnat.proxy.config.ConfigNode.Entry;
import dev.cgnat.proxy.config.ConfigNode.Mapping;
import dev.cgnat.proxy.config.ConfigNode.Scalar;
import dev.cgnat.proxy.config.ConfigNode.Sequence;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Makes a {@link ProxyConfig} of a YAML file, a profile and settings of the command line. A setting wins over the file,
 * the file over the profile, the profile over the defaults; {@code config/reference.yaml} explains every key.
 */
public final class ConfigLoader {
    /** Label of what nobody wrote. */
    private static final Position DEFAULTS = Position.whole("defaults");

    /** What the command line and a text without a file name files by. */
    private static final Path HERE = Path.of("");

    private ConfigLoader() {}

    /**
     * The configuration of {@code file} over that of the profile. Warnings are dropped: {@link #inspect} has them.
     *
     * @param file empty = a profile alone
     * @param profile overrides the file's {@code profile} key; empty = what the file says
     * @throws ConfigException with every mistake, if there is any
     */
    public static ProxyConfig load(Optional<Path> file, Optional<String> profile) throws ConfigException {
        return load(file, profile, List.of());
    }

    /**
     * As {@link #load(Optional, Optional)}, with settings that override the file.
     *
     * @param sets such as {@code pools.0.ports=1024-2047}, the value in YAML; {@code pools.0} and {@code listeners.0}
     *     exist even if the file lists none, and the number after the last entry adds one
     */
    public static ProxyConfig load(Optional<Path> file, Optional<String> profile, List<String> sets)
            throws ConfigException {
        return inspect(file, profile, sets).config();
    }

    /** A profile alone, as {@code --profile} without a file. */
    public static ProxyConfig loadProfile(String name) throws ConfigException {
        return load(Optional.empty(), Optional.of(name), List.of());
    }

    /** As {@link #load(Optional, Optional, List)}, with the warnings, of which some depend on this machine. */
    public static LoadedConfig inspect(Optional<Path> file, Optional<String> profile, List<String> sets)
            throws ConfigException {
        Problems problems = new Problems();
        Optional<String> text = Optional.empty();
        if (file.isPresent()) {
            text = TextFile.read(file.get(), problems);
            problems.throwIfErrors(); // without the file, whatever else there is to say would mislead
        }
        String label = file.map(Path::toString).orElse(DEFAULTS.file());
        Path folder = file.map(Path::toAbsolutePath).map(Path::getParent).orElse(HERE);
        return parse(text.orElse(""), label, folder, profile, sets, LocalAddresses.ofThisMachine(), problems);
    }

    /**
     * The configuration of a text that came from somewhere else than a file.
     *
     * @param label what messages call it
     * @param folder what names of files in it are relative to
     */
    public static LoadedConfig inspectText(String text, String label, Path folder) throws ConfigException {
        return parse(text, label, folder, Optional.empty(), List.of(), LocalAddresses.ofThisMachine(), new Problems());
    }

    /** A duration as a configuration writes it, such as {@code 2h4m}; {@link IllegalArgumentException} if it is none. */
    public static Duration duration(String text) {
        return Leaves.duration(text);
    }

    /** The profiles that exist, by name. */
    public static List<Profile> profiles() {
        return Profiles.all();
    }

    /**
     * The configuration of a text, independent of the machine.
     *
     * @param label the file's name in messages
     */
    static LoadedConfig parse(
            String text, String label, Optional<String> profile, List<String> sets, Predicate<InetAddress> isLocal)
            throws ConfigException {
        return parse(text, label, HERE, profile, sets, isLocal, new Problems());
    }

    private static LoadedConfig parse(
            String text,
            String label,
            Path folder,
            Optional<String> profile,
            List<String> sets,
            Predicate<InetAddress> isLocal,
            Problems problems)
            throws ConfigException {
        Optional<ConfigNode> content = YamlReader.read(text, label, problems);
        if (content.isEmpty()) {
            problems.throwIfErrors(); // not YAML, so there is nothing to go on with
        }
        ConfigNode tree = withDefaults(content.orElseGet(() -> new Mapping(Position.whole(label), Map.of())));
        Overrides overrides = new Overrides(problems);
        if (profile.isPresent()) {
            tree = overrides.put(tree, "profile", profile.get(), "--profile " + profile.get());
        }
        for (String set : sets) {
            tree = overrides.apply(tree, set);
        }
        ProxyConfig config = new ConfigReader(problems, folder).read(tree, isLocal);
        return new LoadedConfig(config, problems.sorted());
    }

    /** The tree with a listener and a pool, so that settings find {@code listeners.0} and {@code pools.0}. */
    private static ConfigNode withDefaults(ConfigNode tree) {
        if (!(tree instanceof Mapping mapping)) {
            return tree instanceof Scalar scalar && scalar.isNull()
                    ? withDefaults(new Mapping(tree.at(), Map.of()))
                    : tree;
        }
        ListenerConfig socks = ListenerConfig.socks(PoolDraft.DEFAULT_NAME);
        Map<String, Entry> entries = new LinkedHashMap<>(mapping.entries());
        entries.putIfAbsent(
                "listeners",
                list(Map.of(
                        "type", Leaves.word(socks.type()), "bind", socks.bind().toString())));
        entries.putIfAbsent("pools", list(Map.of("name", PoolDraft.DEFAULT_NAME)));
        return new Mapping(mapping.at(), entries);
    }

    /** A list with one entry that has these values. */
    private static Entry list(Map<String, String> values) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        values.forEach((key, value) -> entries.put(key, new Entry(DEFAULTS, new Scalar(DEFAULTS, value, false))));
        return new Entry(DEFAULTS, new Sequence(DEFAULTS, List.of(new Mapping(DEFAULTS, entries))));
    }
}
