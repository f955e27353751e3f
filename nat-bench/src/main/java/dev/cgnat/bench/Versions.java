package dev.cgnat.bench;

import dev.cgnat.proxy.VersionProvider;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a report says about the program that made it. */
final class Versions {
    private Versions() {}

    /** Of the program alone, so that a run in virtual time reads the same on every machine. */
    static SortedMap<String, String> ofProgram() {
        return new TreeMap<>(Map.of("natbench", new VersionProvider().getVersion()[0]));
    }

    /** Of the program and of what it runs on, by name: {@code cgnat}, {@code java}, {@code transport}, {@code system}. */
    static SortedMap<String, String> all() {
        SortedMap<String, String> versions = new TreeMap<>();
        for (String line : new VersionProvider().getVersion()) {
            int space = line.indexOf(' ');
            versions.put(line.substring(0, space), line.substring(space + 1));
        }
        versions.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        return versions;
    }
}
