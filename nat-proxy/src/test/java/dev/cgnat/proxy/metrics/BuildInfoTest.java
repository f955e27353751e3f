package dev.cgnat.proxy.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Properties;
import org.junit.jupiter.api.Test;

class BuildInfoTest {
    private final Properties git = new Properties();

    @Test
    void revisionIsTheCommit() {
        build("1.2.3", "abc1234", "false");
        assertThat(BuildInfo.from(git, "17.0.1")).isEqualTo(new BuildInfo("1.2.3", "abc1234", "17.0.1"));
    }

    @Test
    void revisionTellsThatTheSourcesDiffered() {
        build("1.2.3", "abc1234", "true");
        assertThat(BuildInfo.from(git, "17").revision()).isEqualTo("abc1234-dirty");
    }

    @Test
    void revisionIsUnknownWithoutGit() {
        git.setProperty("git.build.version", "1.2.3");
        assertThat(BuildInfo.from(git, "17")).isEqualTo(new BuildInfo("1.2.3", "unknown", "17"));
    }

    @Test
    void versionIsUnknownWithoutMaven() {
        assertThat(BuildInfo.from(git, "17")).isEqualTo(new BuildInfo("unknown", "unknown", "17"));
    }

    @Test
    void currentBuildKnowsItsVersion() {
        assertThat(BuildInfo.current().version()).matches("\\d+\\.\\d+.*");
        assertThat(BuildInfo.current().java()).isEqualTo(System.getProperty("java.version"));
    }

    private void build(String version, String commit, String dirty) {
        git.setProperty("git.build.version", version);
        git.setProperty("git.commit.id.abbrev", commit);
        git.setProperty("git.dirty", dirty);
    }
}
