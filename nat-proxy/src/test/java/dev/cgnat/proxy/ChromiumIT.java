package dev.cgnat.proxy;

import static dev.cgnat.proxy.testing.Proxies.pool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.cgnat.proxy.testing.NoLeaks;
import dev.cgnat.proxy.testing.Proxies;
import dev.cgnat.proxy.testing.Rig;
import dev.cgnat.proxy.testing.Tools;
import java.io.File;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A browser, with as many connections at a time as it likes. */
@ExtendWith(NoLeaks.class)
class ChromiumIT {
    private static final int RESOURCES = 100;
    private static final long GUARD_SECONDS = 240;

    @TempDir
    private Path folder;

    @Test
    void pageWithAHundredResourcesLoadsBySocksFromThePool() throws Exception {
        Set<String> paths = ConcurrentHashMap.newKeySet();
        Set<InetSocketAddress> peers = ConcurrentHashMap.newKeySet();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        ExecutorService threads = Executors.newCachedThreadPool();
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            peers.add(exchange.getRemoteAddress());
            String path = exchange.getRequestURI().getPath();
            paths.add(path);
            byte[] body = content(path).getBytes(StandardCharsets.US_ASCII);
            exchange.getResponseHeaders().add("Content-Type", path.endsWith(".js") ? "text/javascript" : "text/html");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        try (Rig rig = Rig.start(Proxies.with(pool("127.0.14.20", "127.0.14.23", 20_000, 20_499)))) {
            String dom = browse(
                    rig.proxy().address(Proxies.SOCKS).getPort(),
                    "http://127.0.0.1:" + server.getAddress().getPort() + "/");
            assertThat(dom).contains("<p>" + RESOURCES + " loaded</p>");
            assertThat(paths)
                    .contains("/")
                    .containsAll(IntStream.range(0, RESOURCES)
                            .mapToObj(i -> "/" + i + ".js")
                            .toList());
            assertThat(peers)
                    .hasSizeGreaterThan(1)
                    .allSatisfy(peer ->
                            assertThat(peer.getAddress().getHostAddress()).matches("127\\.0\\.14\\.2[0-3]"))
                    .allSatisfy(peer -> assertThat(peer.getPort()).isBetween(20_000, 20_499));
            assertThat(rig.pool().granted()).isGreaterThanOrEqualTo(peers.size());
        } finally {
            server.stop(0);
            threads.shutdownNow();
        }
    }

    private static String content(String path) {
        if (path.endsWith(".js")) {
            return "loaded++;";
        }
        String scripts = IntStream.range(0, RESOURCES)
                .mapToObj("<script src=\"/%d.js\"></script>"::formatted)
                .collect(Collectors.joining());
        return "<html><head><script>var loaded = 0;</script>" + scripts + "</head><body><script>document.write("
                + "'<p>' + loaded + ' loaded</p>');</script></body></html>";
    }

    /** The page at {@code url} as the browser has it when everything is loaded. */
    private String browse(int socksPort, String url) throws Exception {
        File output = folder.resolve("dom").toFile();
        File errors = folder.resolve("log").toFile();
        ProcessBuilder builder = new ProcessBuilder(
                        Tools.require("chromium").toString(),
                        "--headless",
                        "--no-sandbox", // the tests may run as root, for which there is none
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--disable-quic",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--user-data-dir=" + Files.createDirectory(folder.resolve("profile")),
                        "--proxy-server=socks5://127.0.0.1:" + socksPort,
                        "--proxy-bypass-list=<-loopback>",
                        "--dump-dom",
                        url)
                .redirectOutput(output)
                .redirectError(errors);
        builder.environment().put("HOME", folder.toString());
        Process browser = builder.start();
        try {
            assertThat(browser.waitFor(GUARD_SECONDS, TimeUnit.SECONDS))
                    .as("ended; it said: %s", Files.readString(errors.toPath()))
                    .isTrue();
            assertThat(browser.exitValue())
                    .as(Files.readString(errors.toPath()))
                    .isZero();
            return Files.readString(output.toPath());
        } finally {
            browser.destroyForcibly().waitFor();
            await().atMost(GUARD_SECONDS, TimeUnit.SECONDS)
                    .until(() -> helpers().isEmpty());
        }
    }

    /** What the browser has started, which may outlive it and write to the folder while that is deleted; asks them to end. */
    private List<ProcessHandle> helpers() {
        List<ProcessHandle> helpers = ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains(folder.toString()))
                .toList();
        helpers.forEach(ProcessHandle::destroyForcibly);
        return helpers;
    }
}
