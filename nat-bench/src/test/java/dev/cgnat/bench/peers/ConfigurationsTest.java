package dev.cgnat.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cgnat.proxy.config.ConfigLoader;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ConfigurationsTest {
    private static final Peers PEERS = new Peers(new LabOptions(
            Path.of("nat-proxy.jar"), List.of(), 1, List.of(), Path.of("."), new PrintWriter(Writer.nullWriter())));

    static Stream<Peer> configured() {
        return Stream.of(
                PEERS.ours("ours", 1, 9340),
                PEERS.crowd("crowd", 9420, 1),
                PEERS.oursSmall("small", 9360, "5s"),
                PEERS.oursSmall("limited", 9410, "0s", "1024-65535", "9800"),
                Peers.haproxy(),
                Peers.haproxyTuned(),
                Peers.haproxySmall(),
                Peers.nginx(),
                Peers.nginx("two", 2, 9312),
                Peers.dante());
    }

    static Stream<Peer> ours() {
        return configured().filter(Peer::isOurs);
    }

    @ParameterizedTest
    @MethodSource("configured")
    void everyPlaceholderOfAPeerHasAValue(Peer peer) {
        String text = rendered(peer);

        assertThat(text).doesNotContain("${");
        assertThat(text).contains(peer.target().isEmpty() ? "127.0.0.1" : port(peer));
    }

    @ParameterizedTest
    @MethodSource("ours")
    void ourConfigurationsAreValid(Peer peer, @TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("nat.yaml"), rendered(peer));

        assertThat(ConfigLoader.load(Optional.of(file), Optional.empty()).listeners())
                .hasSize(2);
    }

    @Test
    void theTunedHaproxyDiffersInItsBuffersAlone() {
        assertThat(rendered(Peers.haproxyTuned())).contains("tune.bufsize 262144");
        assertThat(rendered(Peers.haproxy())).doesNotContain("bufsize");
    }

    @Test
    void theKernelGetsTheSamePortsAsTheOthers() {
        assertThat(Configurations.render("nat.nft", Map.of("ports", Peers.FEW_PORTS)))
                .contains("snat to 198.51.100.1:20000-20999");
        assertThat(rendered(Peers.haproxySmall())).contains(":20000-20999");
    }

    @Test
    void aPlaceholderWithoutAValueIsNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Configurations.render("nat.nft", Map.of("port", "1")))
                .withMessage("nat.nft: ${ports} (expected: one of [port])");
    }

    @Test
    void everyNameHasAFile() {
        assertThat(Configurations.names())
                .allSatisfy(name -> assertThat(Configurations.template(name)).isNotBlank());
        assertThatIllegalArgumentException().isThrownBy(() -> Configurations.template("squid.conf"));
    }

    private static String rendered(Peer peer) {
        Map<String, String> values = new HashMap<>(peer.values());
        values.put("directory", "/tmp");
        return Configurations.render(peer.configuration().orElseThrow(), values);
    }

    private static String port(Peer peer) {
        String listens = peer.listens().orElseThrow();
        return listens.substring(listens.indexOf(':') + 1);
    }
}
