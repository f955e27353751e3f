package dev.cgnat.proxy.metrics;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * Which build this is.
 *
 * @param version of the project, {@code unknown} if not built by Maven
 * @param revision abbreviated commit, with {@code -dirty} if the sources differed from it; {@code unknown} if built without
 *     git
 * @param java version of the running JVM
 */
public record BuildInfo(String version, String revision, String java) {
    // Not the plug-in's usual name: an application that embeds the proxy may have a git.properties of its own.
    private static final String RESOURCE = "/dev/cgnat/nat-proxy.properties";
    private static final String UNKNOWN = "unknown";

    /** The build that runs. */
    public static BuildInfo current() {
        return from(load(), System.getProperty("java.version", UNKNOWN));
    }

    static BuildInfo from(Properties git, String java) {
        String commit = git.getProperty("git.commit.id.abbrev", "");
        String suffix = Boolean.parseBoolean(git.getProperty("git.dirty")) ? "-dirty" : "";
        return new BuildInfo(
                git.getProperty("git.build.version", UNKNOWN), commit.isEmpty() ? UNKNOWN : commit + suffix, java);
    }

    private static Properties load() {
        Properties properties = new Properties();
        try (InputStream in = BuildInfo.class.getResourceAsStream(RESOURCE)) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(RESOURCE + " cannot be read", e);
        }
        return properties;
    }
}
