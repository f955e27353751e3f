package dev.cgnat.proxy.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.security.auth.module.UnixSystem;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The three namespaces that {@code config/transparent/gateway.sh} makes, as a user would: a client, the gateway on which the
 * proxy runs, and a server. What is in {@code /run} is theirs alone, so nothing of them is seen outside, and nothing stays.
 *
 * <p>Needs root, as processes of several users take part; elsewhere the test skips, see {@link Tools}.
 */
public final class GatewayLab implements AutoCloseable {
    public static final String CLIENT = "10.77.0.2";
    public static final String CLIENT6 = "2001:db8:1::2";
    public static final String GATEWAY = "203.0.113.1";
    public static final String GATEWAY6 = "2001:db8:2::1";
    public static final String SERVER = "203.0.113.2";
    public static final String SECOND_SERVER = "203.0.113.3";
    public static final String SERVER6 = "2001:db8:2::2";
    /** Left alone by the rules of the gateway. */
    public static final int DIRECT_PORT = 22;

    private static final Path SCRIPT = Path.of("../config/transparent/gateway.sh");
    private static final long GUARD_SECONDS = 120;
    /** Ends by itself, should nobody close it. */
    private static final String LIFETIME_SECONDS = "600";
    /** Neither root nor the user of the proxy. */
    private static final String NOBODY = "65534";

    private final Process holder;
    private final List<PeerProcess> peers = new ArrayList<>();

    private GatewayLab(Process holder) {
        this.holder = holder;
    }

    /** One of the three namespaces. */
    public enum Host {
        CLIENT,
        GATEWAY,
        SERVER;

        String namespace() {
            return "cgnat-" + name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /**
     * Makes them.
     *
     * @param mode {@code tproxy} or {@code redirect}
     */
    public static GatewayLab up(String mode) throws IOException, InterruptedException {
        for (String tool : List.of("unshare", "nsenter", "setpriv", "mount", "ip", "nft", "sysctl", "bash", "curl")) {
            Tools.require(tool);
        }
        if (new UnixSystem().getUid() != 0) {
            Tools.missing("root, for a gateway in namespaces of its own");
        }
        if (!Files.exists(Path.of("/proc/sys/net/ipv6"))) {
            Tools.missing("a kernel with IPv6, which the gateway translates too");
        }
        Process holder = new ProcessBuilder(
                        "unshare",
                        "--mount",
                        "--net",
                        "sh",
                        "-c",
                        "mount -t tmpfs tmpfs /run && echo up && exec sleep " + LIFETIME_SECONDS)
                .redirectErrorStream(true)
                .start();
        String answer = holder.inputReader().readLine();
        if (!"up".equals(answer)) {
            holder.destroyForcibly();
            Tools.missing("the right to make namespaces (" + answer + ")");
        }
        GatewayLab lab = new GatewayLab(holder);
        lab.script("up", mode);
        return lab;
    }

    /** What the script says; it must end with 0. */
    public String script(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(SCRIPT.toString()));
        command.addAll(List.of(arguments));
        return runAround(command.toArray(String[]::new));
    }

    /** What a command says that runs where the script does, outside of the three, and must end with 0. */
    public String runAround(String... command) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(enter());
        all.addAll(List.of(command));
        return output(new ProcessBuilder(all));
    }

    /** How a command begins that is to run on {@code host}. */
    public List<String> on(Host host) {
        List<String> command = new ArrayList<>(enter());
        command.addAll(List.of("ip", "netns", "exec", host.namespace()));
        return command;
    }

    /** What a command says that runs on {@code host} and must end with 0. */
    public String run(Host host, String... command) throws IOException, InterruptedException {
        List<String> all = on(host);
        all.addAll(List.of(command));
        return output(new ProcessBuilder(all));
    }

    /** Adds rules of the firewall to {@code host}. */
    public void rules(Host host, String nft) throws IOException, InterruptedException {
        List<String> command = on(host);
        command.addAll(List.of("nft", "-f", "-"));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (Writer rules = process.outputWriter()) {
            rules.write(nft);
        }
        finish(process);
    }

    /** Packets that the named counter of {@code table} has seen. */
    public long packets(Host host, String table, String counter) throws IOException, InterruptedException {
        String text = run(host, "nft", "list", "counter", "inet", table, counter);
        return Long.parseLong(text.replaceAll("(?s).*packets (\\d+).*", "$1"));
    }

    /** The sum of the proxy's series whose text contains {@code labels}. */
    public double metric(String name, String labels) throws IOException, InterruptedException {
        return run(Host.GATEWAY, "curl", "-sS", "--max-time", "60", "http://127.0.0.1:9477/metrics")
                .lines()
                .filter(line -> line.startsWith(name) && line.contains(labels))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    /** Ports that the proxy has lent so far. */
    public double allocations() throws IOException, InterruptedException {
        return metric("cgn_port_allocations_total", "pool=");
    }

    /** Flows that the proxy has let by untranslated so far. */
    public double untranslated() throws IOException, InterruptedException {
        return metric("cgn_bypassed_sessions_opened_total", "");
    }

    /** The greeting that a process of another user than the proxy's gets on the gateway; empty if the connection ends first. */
    public String greetingOfLocalProcess(String address, int port) throws IOException, InterruptedException {
        return run(
                        Host.GATEWAY,
                        "setpriv",
                        "--reuid=" + NOBODY,
                        "--regid=" + NOBODY,
                        "--clear-groups",
                        "bash",
                        "-c",
                        "exec 3<>/dev/tcp/" + address + "/" + port + "; read -r -t 60 line <&3; printf '%s' \"$line\"")
                .strip();
    }

    public PeerProcess peer(Host host) throws IOException {
        PeerProcess peer = new PeerProcess(on(host));
        peers.add(peer);
        return peer;
    }

    @Override
    public void close() {
        peers.forEach(PeerProcess::close);
        holder.destroyForcibly();
    }

    private List<String> enter() {
        String folder = Path.of("").toAbsolutePath().toString();
        return List.of("nsenter", "--target=" + holder.pid(), "--mount", "--net", "--wd=" + folder, "--");
    }

    private static String output(ProcessBuilder builder) throws IOException, InterruptedException {
        return finish(builder.redirectErrorStream(true).start());
    }

    private static String finish(Process process) throws IOException, InterruptedException {
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(GUARD_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(text).isZero();
        return text;
    }

    /** A {@link Peer} of its own. */
    public static final class PeerProcess implements AutoCloseable {
        private final Process process;
        private final BufferedReader answers;
        private final Writer commands;

        private PeerProcess(List<String> prefix) throws IOException {
            List<String> command = new ArrayList<>(prefix);
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(List.of("-Xmx64m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", classes()));
            command.add(Peer.class.getName());
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            answers = process.inputReader();
            commands = process.outputWriter();
            assertThat(answers.readLine()).isEqualTo("ready");
        }

        /** The answer to one line, see {@link Peer}. */
        public String tell(String line) {
            try {
                commands.write(line + "\n");
                commands.flush();
                return String.valueOf(answers.readLine());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        public void serve(String address, int port) {
            assertThat(tell("serve " + address + " " + port)).isEqualTo("ok");
        }

        /** {@code connected ADDRESS PORT} as the server saw it, or how it failed. */
        public String open(String name, String address, int port) {
            return tell("open " + name + " - 0 " + address + " " + port + " 60000");
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }

        private static String classes() {
            return Path.of(java.net.URI.create(Peer.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toString()))
                    .toString();
        }
    }
}
