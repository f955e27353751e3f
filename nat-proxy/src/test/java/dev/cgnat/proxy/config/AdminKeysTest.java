package dev.cgnat.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may come to the administrator's listener. */
class AdminKeysTest {
    private static final String TOKEN = "a-token-of-24-characters";

    @TempDir
    private Path folder;

    @Test
    void tokenIsReadFromAFileOfItsOwnerAlone() throws Exception {
        write(TOKEN + "\n", "rw-------");
        AdminConfig admin = load("admin: { bind: \"0.0.0.0:9477\", token-file: token, read-only: true }")
                .admin();

        assertThat(admin.readOnly()).isTrue();
        assertThat(admin.token().orElseThrow().accept(TOKEN)).isTrue();
        assertThat(admin.token().orElseThrow().accept(TOKEN + "x")).isFalse();
        assertThat(admin.toString()).doesNotContain(TOKEN);
        assertThat(EffectiveConfig.of(load("admin: { token-file: token }")).toString())
                .doesNotContain(TOKEN);
    }

    @Test
    void tokenThatOthersMayReadIsRefused() throws Exception {
        write(TOKEN, "rw-r-----");
        refuses("admin: { token-file: token }", "admin.token-file: ", "readable by its owner alone: chmod 600");
    }

    @Test
    void tokenThatIsTooShortIsRefusedAndNotQuoted() throws Exception {
        write("secret", "rw-------");
        refuses("admin: { token-file: token }", "admin.token-file: ", "16 to 512 visible ASCII characters");
        assertThatThrownBy(() -> load("admin: { token-file: token }")).hasMessageNotContaining("secret");
    }

    @Test
    void listenerOffLoopbackNeedsAToken() {
        refuses("admin: { bind: \"0.0.0.0:9477\" }", "admin.bind: 0.0.0.0:9477", "admin.token-file");
        refuses("admin: { bind: \"0.0.0.0:9477\", token-file: missing }", "admin.token-file: ", "a file that exists");
    }

    private void refuses(String yaml, String... parts) {
        assertThatThrownBy(() -> load(yaml)).isInstanceOf(ConfigException.class).hasMessageContainingAll(parts);
    }

    private void write(String token, String permissions) throws IOException {
        Path file = Files.writeString(folder.resolve("token"), token);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    private ProxyConfig load(String yaml) throws ConfigException, IOException {
        Path file = Files.writeString(folder.resolve("cgnat.yaml"), yaml);
        return ConfigLoader.load(Optional.of(file), Optional.empty(), List.of());
    }
}
