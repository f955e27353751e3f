package dev.cgnat.proxy.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A PostgreSQL server of the test's own, on loopback, with an empty database that everybody may use. */
public final class PostgresProcess implements AutoCloseable {
    private static final Path DEBIAN = Path.of("/usr/lib/postgresql");
    /** The server refuses to run as root. */
    private static final String USER = "postgres";

    private static final Duration STARTS_WITHIN = Duration.ofMinutes(3);

    private final Path programs;
    private final Path folder;
    private final InetSocketAddress address;
    private Optional<Process> server = Optional.empty();

    private PostgresProcess(Path programs, Path folder, InetSocketAddress address) {
        this.programs = programs;
        this.folder = folder;
        this.address = address;
    }

    /** What pgbench printed, and how it ended. */
    public record Result(int exitCode, String output) {}

    /** Listens on {@code host}, on a port that was free just before. */
    public static PostgresProcess start(String host) throws IOException, InterruptedException {
        Path programs = programs();
        Path folder = Files.createTempDirectory("postgres");
        if (isRoot()) {
            Files.setOwner(
                    folder,
                    folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(USER));
        }
        InetSocketAddress address;
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getByName(host))) {
            address = (InetSocketAddress) probe.getLocalSocketAddress();
        }
        PostgresProcess postgres = new PostgresProcess(programs, folder, address);
        try {
            postgres.start();
            return postgres;
        } catch (IOException | InterruptedException | RuntimeException | AssertionError e) {
            postgres.close();
            throw e;
        }
    }

    public InetSocketAddress address() {
        return address;
    }

    /** Runs {@code SELECT 1} through the server at {@code via}, one client, {@code options} beside. */
    public Result bench(InetSocketAddress via, String... options) throws IOException, InterruptedException {
        Path script = Files.writeString(Files.createTempFile("pgbench", ".sql"), "SELECT 1;\n");
        try {
            List<String> command = new ArrayList<>(List.of(
                    programs.resolve("pgbench").toString(),
                    "--host=" + via.getAddress().getHostAddress(),
                    "--port=" + via.getPort(),
                    "--username=" + USER,
                    "--no-vacuum",
                    "--file=" + script));
            command.addAll(List.of(options));
            command.add("postgres");
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
            builder.environment().put("PGSSLMODE", "disable"); // one connection each, not one more to try
            builder.environment().put("PGGSSENCMODE", "disable");
            builder.environment().put("LC_ALL", "C");
            return run(builder);
        } finally {
            Files.delete(script);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            if (server.isPresent()) {
                // SIGINT ends its sessions too; SIGTERM would wait for them.
                run(new ProcessBuilder(
                        "kill", "-INT", Long.toString(server.get().pid())));
                if (!server.get().waitFor(60, TimeUnit.SECONDS)) {
                    server.get().destroyForcibly().waitFor();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        }
    }

    private void start() throws IOException, InterruptedException {
        String data = folder.resolve("data").toString();
        Result made = run(asUser("initdb", "--pgdata=" + data, "--username=" + USER, "--no-sync", "--locale=C"));
        assertThat(made.exitCode()).as(made.output()).isZero();
        Files.writeString(Path.of(data, "pg_hba.conf"), "host all all 127.0.0.0/8 trust\n");
        File log = folder.resolve("log").toFile();
        server = Optional.of(asUser(
                        "postgres",
                        "-D",
                        data,
                        "-c",
                        "listen_addresses=" + address.getAddress().getHostAddress(),
                        "-c",
                        "port=" + address.getPort(),
                        "-c",
                        "unix_socket_directories=",
                        "-c",
                        "fsync=off")
                .redirectErrorStream(true)
                .redirectOutput(log)
                .start());
        await("PostgreSQL").atMost(STARTS_WITHIN).until(() -> {
            assertThat(server.orElseThrow().isAlive())
                    .as("alive; it said: %s", Files.readString(log.toPath()))
                    .isTrue();
            return bench(address, "--transactions=1").exitCode() == 0;
        });
    }

    private ProcessBuilder asUser(String program, String... arguments) {
        List<String> command = new ArrayList<>();
        if (isRoot()) {
            command.addAll(List.of(
                    Tools.require("setpriv").toString(), "--reuid=" + USER, "--regid=" + USER, "--clear-groups"));
        }
        command.add(programs.resolve(program).toString());
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).directory(folder.toFile());
    }

    private static Result run(ProcessBuilder builder) throws IOException, InterruptedException {
        Process process = builder.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), output);
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    /** Debian keeps the server's programs off the path, by version. */
    private static Path programs() throws IOException {
        if (Files.isDirectory(DEBIAN)) {
            try (Stream<Path> versions = Files.list(DEBIAN)) {
                Optional<Path> found = versions.map(version -> version.resolve("bin"))
                        .filter(bin ->
                                Files.isExecutable(bin.resolve("initdb")) && Files.isExecutable(bin.resolve("pgbench")))
                        .max(Comparator.naturalOrder());
                if (found.isPresent()) {
                    return found.get();
                }
            }
        }
        return Optional.ofNullable(Tools.require("initdb").getParent()).orElseThrow();
    }
}
