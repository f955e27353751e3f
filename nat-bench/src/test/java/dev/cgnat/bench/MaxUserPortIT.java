package dev.cgnat.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cgnat.proxy.testing.Namespace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The MaxUserPort story, told by the packaged jars: a Windows 2003 host opens 5,000 connections to one server, and has
 * 3,976 ports.
 *
 * <p>In a namespace of its own, as any foreign socket in 1025-5000 would take its port away.
 */
class MaxUserPortIT {
    private static final int BURST = 5_000;
    private static final int PORTS = 3_976;
    private static final Duration GUARD = Duration.ofMinutes(5);

    private final JsonMapper json = new JsonMapper();

    @Test
    void aBurstOf5000ConnectionsIsGranted3976Ports(@TempDir Path folder) throws Exception {
        Path seen = folder.resolve("seen.jsonl");
        Path proxyLog = folder.resolve("proxy.log");
        Path sinkLog = folder.resolve("sink.log");
        try (Namespace namespace = Namespace.create()) {
            Process sink = namespace
                    .process(Jars.java("bench", "serve", "--listen", "127.0.0.1:9000", "-o", "jsonl"))
                    .redirectOutput(seen.toFile())
                    .redirectError(sinkLog.toFile())
                    .start();
            Process proxy = namespace
                    .process(Jars.java("proxy", "run", "--profile", "windows-2003-default"))
                    .redirectErrorStream(true)
                    .redirectOutput(proxyLog.toFile())
                    .start();
            try {
                await("proxy")
                        .atMost(GUARD)
                        .until(() -> Files.readString(proxyLog).contains("metrics on"));
                await("sink")
                        .atMost(GUARD)
                        .until(() -> Files.readString(sinkLog).contains("listening"));
                JsonNode report = load(namespace, folder);

                assertThat(report.at("/flows/attempted").asInt()).isEqualTo(BURST);
                assertThat(report.at("/flows/established").asInt()).isEqualTo(PORTS);
                assertThat(report.at("/flows/peak-live").asInt()).isEqualTo(PORTS);
                assertThat(report.at("/refused/general").asInt()).isEqualTo(BURST - PORTS);
                assertThat(report.at("/proxy-refused/exhausted").asInt()).isEqualTo(BURST - PORTS);
            } finally {
                proxy.destroy();
                sink.destroy();
                assertThat(proxy.waitFor(GUARD.toSeconds(), TimeUnit.SECONDS)).isTrue();
                assertThat(sink.waitFor(GUARD.toSeconds(), TimeUnit.SECONDS)).isTrue();
            }
        }
        Set<String> peers = Files.readAllLines(seen).stream()
                .map(json::readTree)
                .map(line -> line.path("peer").asString())
                .collect(Collectors.toSet());
        assertThat(peers).hasSize(PORTS).allMatch(peer -> peer.startsWith("127.0.1.1:"));
    }

    private JsonNode load(Namespace namespace, Path folder) throws Exception {
        Path report = folder.resolve("report.json");
        Process load = namespace
                .process(Jars.java(
                        "bench",
                        "load",
                        "127.0.0.1:9000",
                        "--via=socks5://127.0.0.1:1080",
                        "--rate=1000/s",
                        "--arrival=constant",
                        "--connections=" + BURST,
                        "--hold=constant:60s",
                        "--timeout=60s",
                        "--admin=http://127.0.0.1:9477",
                        "-o=json"))
                .redirectOutput(report.toFile())
                .redirectError(folder.resolve("load.log").toFile())
                .start();
        assertThat(load.waitFor(GUARD.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(load.exitValue())
                .as(Files.readString(folder.resolve("load.log")))
                .isZero();
        return json.readTree(report);
    }
}
