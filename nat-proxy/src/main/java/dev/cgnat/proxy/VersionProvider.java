package dev.cgnat.proxy;

import dev.cgnat.proxy.metrics.BuildInfo;
import dev.cgnat.proxy.transport.Transport;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints: version, git revision, Java, transport. */
public final class VersionProvider implements IVersionProvider {
    @Override
    public String[] getVersion() {
        BuildInfo build = BuildInfo.current();
        return new String[] {
            "cgnat " + build.version() + " (" + build.revision() + ")",
            "java " + build.java(),
            "transport " + Transport.best().label()
        };
    }
}
