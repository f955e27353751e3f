package dev.cgnat.bench.peers;

import dev.cgnat.bench.peers.work.WorkOrder;
import dev.cgnat.bench.peers.work.WorkResult;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/**
 * The namespace in which peers, a server and clients run, and who of them had how much of the processors.
 *
 * <p>Server and clients share the first processor; a peer of one loop has the second to itself while it is measured.
 *
 * <p>One thread uses it; {@link #close} may be called by another, and stops what runs.
 */
final class Lab implements AutoCloseable {
    /** Where the server listens: five destinations. */
    static final List<String> TARGETS =
            List.of("127.0.2.1:9000", "127.0.2.2:9000", "127.0.2.3:9000", "127.0.2.4:9000", "127.0.2.5:9000");

    static final String TARGET = TARGETS.get(0);

    private static final String CLIENTS = "127.5.0.0/16";
    private static final int FIRST_CORE = 0;
    private static final int SECOND_CORE = 1;
    private static final Duration WARM_UP = Duration.ofSeconds(30);
    private static final Duration WARM_UP_MORE = Duration.ofSeconds(2);
    private static final int WARM_FLOWS = 64;
    private static final int SETTLING = 30;
    /** Compilers work by bursts, so a sample or two without them is not enough. */
    private static final int QUIET_COMPILERS = 4;

    private static final double SETTLED_PERCENT = 1;
    private static final long QUIET_PROBE_NANOS = TimeUnit.MILLISECONDS.toNanos(150);
    private static final long QUIET_WITHIN_NANOS = TimeUnit.MILLISECONDS.toNanos(1_500);
    private static final long STOP_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final long STOP_POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final LabOptions options;
    private final List<Process> started = new ArrayList<>();
    private final Map<String, Process> running = new HashMap<>();
    private boolean isClosed;
    private final Namespace namespace;
    private final WorkerProcess server;
    private final WorkerProcess clients;

    private Lab(LabOptions options) throws PeersException {
        this.options = options;
        try {
            namespace = own(Namespace.create());
            server = worker(namespace, "server", CLIENTS);
            clients = worker(namespace, "clients", CLIENTS);
            server.ask(WorkOrder.plain(WorkOrder.Kind.SERVE, TARGETS.toArray(String[]::new)));
        } catch (PeersException e) {
            close();
            throw e;
        }
    }

    /** Makes the namespace and starts server and clients. */
    static Lab open(LabOptions options) throws PeersException {
        for (String program : List.of("unshare", "nsenter", "ip", "taskset")) {
            Programs.require(program);
        }
        return new Lab(options);
    }

    WorkerProcess server() {
        return server;
    }

    WorkerProcess clients() {
        return clients;
    }

    Namespace namespace() {
        return namespace;
    }

    LabOptions options() {
        return options;
    }

    /** Whether it was closed, perhaps by another thread: nothing can be started any more. */
    synchronized boolean isClosed() {
        return isClosed;
    }

    void say(String text) {
        PrintWriter progress = options.progress();
        progress.println(text);
        progress.flush();
    }

    /** Another worker, on the first processor. */
    WorkerProcess worker(Namespace where, String name, String sources) throws PeersException {
        List<String> command = new ArrayList<>(pinned(FIRST_CORE));
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.cgnat.bench.NatBenchMain",
                "peers",
                "worker",
                sources));
        return new WorkerProcess(start(where, "worker-" + name, command, ProcessBuilder.Redirect.PIPE));
    }

    /** Those that the user did not leave out; nothing between clients and server is always of use. */
    List<Peer> wanted(Peer... peers) {
        return Stream.of(peers).filter(peer -> isWanted(peer.name())).toList();
    }

    boolean isWanted(String peer) {
        return peer.equals(Peers.DIRECT)
                || options.only().isEmpty()
                || options.only().stream().anyMatch(peer::startsWith);
    }

    /** Whether its program is installed here. */
    static boolean isInstalled(Peer peer) {
        return peer.program().isEmpty() || Programs.find(peer.program().get()).isPresent();
    }

    /** Starts those that are installed. */
    void startInstalled(List<Peer> peers) throws PeersException {
        for (Peer peer : peers) {
            if (isInstalled(peer)) {
                start(peer);
            }
        }
    }

    /** Starts the peer, unless it runs; one with a single loop gets a processor of its own, Java only by {@link #startWarm}. */
    void start(Peer peer) throws PeersException {
        if (peer.listens().isEmpty() || running.containsKey(peer.listens().get())) {
            return;
        }
        say("starting " + peer.name());
        List<String> command = new ArrayList<>();
        if (peer.loops() == 1 && !peer.isOurs()) {
            command.addAll(pinned(SECOND_CORE));
        }
        command.add(Programs.require(peer.program().orElseThrow()));
        String configuration = configure(peer);
        peer.arguments().forEach(argument -> command.add(argument.replace("${configuration}", configuration)));
        Process process = start(namespace, peer.name(), command, ProcessBuilder.Redirect.from(new File("/dev/null")));
        running.put(peer.listens().get(), process);
        WorkResult late =
                clients.ask(WorkOrder.plain(WorkOrder.Kind.AWAIT, peer.listens().get()));
        if (!late.text().isEmpty() || !process.isAlive()) {
            throw new PeersException(
                    peer.name() + " does not listen on " + peer.listens().get()
                            + " (expected: within 60 s; see --keep-logs):" + System.lineSeparator() + log(peer.name()));
        }
    }

    /**
     * Starts it, and lets its code be compiled by work of every kind: Java is measured as it is after the first seconds.
     *
     * @param ways by which its process is reached
     */
    void startWarm(List<Peer> ways) throws PeersException {
        Peer first = ways.get(0);
        if (!isWanted(first.name()) || running.containsKey(first.listens().orElseThrow())) {
            return;
        }
        start(first);
        for (Peer way : ways) {
            clients.ask(WorkOrder.shortFlows(way.via(), way.target(), WARM_FLOWS, WARM_UP)
                    .withLimit(options.warmUp()));
            clients.ask(WorkOrder.requests(way.via(), way.target(), WARM_FLOWS, 4_000, WARM_UP_MORE.dividedBy(2)));
            clients.ask(WorkOrder.bulk(false, way.via(), way.target(), 4, WARM_UP_MORE.dividedBy(2)));
        }
        if (first.loops() == 1) {
            namespace.run(
                    Programs.require("taskset"), "-a", "-p", "-c", "" + Cores.number(SECOND_CORE), "" + pid(first));
        }
    }

    private String configure(Peer peer) throws PeersException {
        if (peer.configuration().isEmpty()) {
            return "";
        }
        String template = peer.configuration().get();
        Path file = options.directory().resolve(peer.name() + "-" + template);
        Map<String, String> values = new HashMap<>(peer.values());
        values.put("directory", options.directory().toString());
        try {
            Files.writeString(file, Configurations.render(template, values));
        } catch (IOException e) {
            throw new PeersException(file + ": " + e.getMessage(), e);
        }
        return file.toString();
    }

    private String log(String name) {
        try {
            return Files.readString(options.directory().resolve(name + ".log"));
        } catch (IOException e) {
            return "";
        }
    }

    private Process start(Namespace where, String name, List<String> command, ProcessBuilder.Redirect input)
            throws PeersException {
        File log = options.directory().resolve(name + ".log").toFile();
        ProcessBuilder builder = where.process(command).redirectInput(input).redirectError(log);
        if (input.equals(ProcessBuilder.Redirect.PIPE)) {
            builder.redirectOutput(ProcessBuilder.Redirect.PIPE);
        } else {
            builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log));
        }
        try {
            Process process = builder.start();
            return own(process);
        } catch (IOException e) {
            throw new PeersException(name + " cannot be started (" + e.getMessage() + ")", e);
        }
    }

    /** Stops the peer's process, if it runs. */
    void stop(Peer peer) {
        Process process = running.remove(peer.listens().orElseThrow());
        if (process != null) { // one that is not installed never ran
            stop(List.of(process));
        }
    }

    private Optional<Process> process(Peer peer) {
        return peer.listens().map(running::get);
    }

    /** Of its first process; it must run. */
    long pid(Peer peer) {
        return process(peer).orElseThrow().pid();
    }

    /** Waits a moment for a quiet machine, then lets {@code workers} do {@code order} by way of the peer. */
    Sample sample(Peer peer, WorkOrder order) throws PeersException {
        awaitQuiet();
        Optional<Long> pid = process(peer).map(Process::pid);
        double own = ownSeconds();
        double machine = ProcessorTime.machineSeconds();
        double before = pid.map(ProcessorTime::seconds).orElse(0.0);
        double compilersBefore = pid.map(ProcessorTime::compilerSeconds).orElse(0.0);
        long start = System.nanoTime();
        WorkResult result = clients.ask(order);
        double after = pid.map(ProcessorTime::seconds).orElse(0.0);
        double compilers = pid.map(ProcessorTime::compilerSeconds).orElse(0.0) - compilersBefore;
        double seconds = (System.nanoTime() - start) / 1e9;
        double foreign = (ProcessorTime.machineSeconds() - machine - (ownSeconds() - own)) / seconds;
        return new Sample(result, after - before, Math.max(0, compilers), Math.max(0, foreign));
    }

    /**
     * Has a Java peer do {@code order} until its compilers have next to nothing left to do for it, {@value #SETTLING} times at most: they
     * share the one processor with the loop, so every flow waits for them, and how long they take says nothing about a flow.
     */
    void settle(Peer peer, WorkOrder order) throws PeersException {
        int quiet = 0;
        for (int times = 0; times < SETTLING && quiet < QUIET_COMPILERS; times++) {
            quiet = sample(peer, order).compilerPercent() < SETTLED_PERCENT ? quiet + 1 : 0;
        }
    }

    /** What the peer asks of the kernel during {@code order}; empty without strace, or if it may not watch. */
    Optional<SystemCalls> systemCalls(Peer peer, WorkOrder order, LongConsumer operations) throws PeersException {
        Optional<Path> strace = Programs.find("strace");
        if (strace.isEmpty() || peer.listens().isEmpty()) {
            return Optional.empty();
        }
        Path summary = options.directory().resolve(peer.name() + "-strace.txt");
        List<String> command = new ArrayList<>(List.of(strace.get().toString(), "-c", "-f", "-o", summary.toString()));
        ProcessorTime.processes(pid(peer)).forEach(pid -> command.addAll(List.of("-p", "" + pid)));
        Process process =
                start(namespace, peer.name() + "-strace", command, ProcessBuilder.Redirect.from(new File("/dev/null")));
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500)); // it attaches to every thread
        if (!process.isAlive()) {
            return Optional.empty();
        }
        operations.accept(clients.ask(order).done());
        stop(List.of(process));
        try {
            return Optional.of(SystemCalls.parse(Files.readString(summary)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The proxy's metrics, as Prometheus reads them. */
    String metrics(String address) throws PeersException {
        return clients.ask(WorkOrder.plain(WorkOrder.Kind.METRICS, address)).text();
    }

    private void awaitQuiet() {
        long end = System.nanoTime() + QUIET_WITHIN_NANOS;
        boolean isQuiet = false;
        while (!isQuiet && System.nanoTime() - end < 0) {
            double own = ownSeconds();
            double machine = ProcessorTime.machineSeconds();
            LockSupport.parkNanos(QUIET_PROBE_NANOS);
            double foreign = ProcessorTime.machineSeconds() - machine - (ownSeconds() - own);
            isQuiet = foreign * 1e9 / QUIET_PROBE_NANOS < Sample.FOREIGN_LIMIT;
        }
    }

    private static double ownSeconds() {
        return ProcessorTime.seconds(ProcessHandle.current().pid());
    }

    private static List<String> pinned(int core) throws PeersException {
        return List.of(Programs.require("taskset"), "-c", "" + Cores.number(core));
    }

    /** By signals alone: closing the streams of a process may wait for whoever reads them. */
    private static void stop(List<Process> processes) {
        List<ProcessHandle> all = processes.stream()
                .map(Process::toHandle)
                .flatMap(process -> Stream.concat(Stream.of(process), process.descendants()))
                .toList();
        all.forEach(ProcessHandle::destroy);
        long end = System.nanoTime() + STOP_NANOS;
        while (all.stream().anyMatch(ProcessHandle::isAlive) && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(STOP_POLL_NANOS);
        }
        all.forEach(ProcessHandle::destroyForcibly);
    }

    /** A namespace to vanish with this. */
    Namespace own(Namespace made) throws PeersException {
        own(made.holder());
        return made;
    }

    private synchronized Process own(Process process) throws PeersException {
        if (isClosed) {
            process.destroyForcibly();
            throw new PeersException("stopped");
        }
        started.add(process);
        return process;
    }

    /** Stops everything that was started. */
    @Override
    public void close() {
        List<Process> all;
        synchronized (this) {
            isClosed = true;
            all = List.copyOf(started);
            started.clear();
        }
        stop(all);
    }
}
