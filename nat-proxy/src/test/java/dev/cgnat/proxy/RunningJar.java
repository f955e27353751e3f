package dev.cgnat.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cgnat.proxy.testing.Namespace;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code java -jar target/nat-proxy.jar …}, its output, and the signals sent to it. */
final class RunningJar implements AutoCloseable {
    private static final Duration GUARD = Duration.ofMinutes(2);
    private static final Pattern SOCKS = Pattern.compile("socks \\(socks\\) on 127\\.0\\.0\\.1:(\\d+)");

    private static final Pattern ADMIN = Pattern.compile("metrics on http://127\\.0\\.0\\.1:(\\d+)/metrics");

    private final Process process;
    private final StringBuilder out = new StringBuilder();
    private final StringBuilder err = new StringBuilder();
    private final List<Thread> readers = new ArrayList<>();

    /** How the process ended. */
    record Result(int exitCode, String out, String err) {}

    private RunningJar(Process process) {
        this.process = process;
        readers.add(reader(process.getInputStream(), out));
        readers.add(reader(process.getErrorStream(), err));
    }

    static RunningJar start(String... arguments) throws IOException {
        return startWith(List.of(), arguments);
    }

    /** With options of the JVM too. */
    static RunningJar startWith(List<String> jvmOptions, String... arguments) throws IOException {
        return new RunningJar(new ProcessBuilder(command(jvmOptions, arguments)).start());
    }

    /** As its own network sees it; nobody else can reach it. */
    static RunningJar startIn(Namespace namespace, String... arguments) throws IOException {
        return new RunningJar(namespace
                .process(command(List.of(), arguments).toArray(String[]::new))
                .start());
    }

    /** By another program, such as one that watches it. */
    static RunningJar startBy(List<String> program, String... arguments) throws IOException {
        return startBy(program, List.of(), arguments);
    }

    /** With options of the JVM too. */
    static RunningJar startBy(List<String> program, List<String> jvmOptions, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(program);
        command.addAll(command(jvmOptions, arguments));
        return new RunningJar(new ProcessBuilder(command).start());
    }

    private static List<String> command(List<String> jvmOptions, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1"));
        command.addAll(jvmOptions);
        command.addAll(List.of("-jar", "target/nat-proxy.jar"));
        command.addAll(List.of(arguments));
        return command;
    }

    /** Waits for the end. */
    Result result() throws InterruptedException {
        assertThat(process.waitFor(GUARD.toSeconds(), TimeUnit.SECONDS))
                .as("ended; said so far: %s%s", text(out), text(err))
                .isTrue();
        for (Thread reader : readers) {
            reader.join();
        }
        return new Result(process.exitValue(), text(out), text(err));
    }

    /** Where its SOCKS listener listens; waits until it says so. */
    InetSocketAddress socksAddress() {
        return address(SOCKS);
    }

    /** Where its admin listener listens; waits until it says so. */
    InetSocketAddress adminAddress() {
        return address(ADMIN);
    }

    private InetSocketAddress address(Pattern said) {
        awaitError("metrics on http"); // the last that is told
        Matcher matcher = said.matcher(text(err));
        assertThat(matcher.find()).isTrue();
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(matcher.group(1)));
    }

    /** A socket that reaches {@code destination} through the proxy. */
    Socket connect(InetSocketAddress destination) throws IOException {
        Socket socket = new Socket(new Proxy(Proxy.Type.SOCKS, socksAddress()));
        socket.connect(destination, (int) GUARD.toMillis());
        return socket;
    }

    void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
        assertThat(kill.waitFor()).isZero();
    }

    void awaitError(String text) {
        await().atMost(GUARD).untilAsserted(() -> assertThat(text(err)).contains(text));
    }

    boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private static String text(StringBuilder from) {
        synchronized (from) {
            return from.toString();
        }
    }

    private static Thread reader(InputStream in, StringBuilder into) {
        Thread thread = new Thread(() -> {
            try (in) {
                byte[] bytes = new byte[4096];
                for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                    synchronized (into) {
                        into.append(new String(bytes, 0, count, StandardCharsets.UTF_8));
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
