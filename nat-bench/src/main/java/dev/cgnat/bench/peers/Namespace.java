package dev.cgnat.bench.peers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A network namespace with a loopback of its own, where every port is free. A process holds it, and ends when its input
 * does, so the namespace vanishes with this program however that ends.
 */
final class Namespace {
    /** Ports of proxies that leave the choice to the kernel, and no waiting for their TIME_WAIT on loopback. */
    private static final String SET_UP = "ip link set lo up"
            + " && echo 1024 65000 > /proc/sys/net/ipv4/ip_local_port_range"
            + " && echo 2 > /proc/sys/net/ipv4/tcp_tw_reuse"
            + " && echo up && exec cat";

    private final Process holder;
    private final List<String> entry;

    private Namespace(Process holder, List<String> entry) {
        this.holder = holder;
        this.entry = entry;
    }

    /** As root, or where users may make namespaces of their own. */
    static Namespace create() throws PeersException {
        String unshare = Programs.require("unshare");
        String nsenter = Programs.require("nsenter");
        Programs.require("ip");
        StringBuilder answers = new StringBuilder();
        for (boolean isOfUser : new boolean[] {false, true}) {
            List<String> command = new ArrayList<>(List.of(unshare, "--net"));
            if (isOfUser) {
                command.addAll(List.of("--user", "--map-root-user"));
            }
            Optional<Process> holder = hold(command, answers);
            if (holder.isPresent()) {
                List<String> entry = new ArrayList<>(
                        List.of(nsenter, "--target=" + holder.get().pid(), "--net"));
                if (isOfUser) {
                    entry.addAll(List.of("--user", "--preserve-credentials"));
                }
                entry.add("--");
                return new Namespace(holder.get(), List.copyOf(entry));
            }
        }
        throw new PeersException(
                "no network namespace can be made (" + answers + "); run as root, or allow user namespaces");
    }

    /** Another one, whose addresses this one does not share; interfaces can be given to it. */
    Namespace beside() throws PeersException {
        List<String> command = new ArrayList<>(entry);
        command.addAll(List.of(Programs.require("unshare"), "--net"));
        StringBuilder answers = new StringBuilder();
        Process other = hold(command, answers)
                .orElseThrow(() -> new PeersException("no further network namespace can be made (" + answers + ")"));
        List<String> otherEntry = new ArrayList<>(entry);
        otherEntry.set(1, "--target=" + other.pid());
        return new Namespace(other, List.copyOf(otherEntry));
    }

    private static Optional<Process> hold(List<String> command, StringBuilder answers) throws PeersException {
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of("sh", "-c", SET_UP));
        try {
            Process holder = new ProcessBuilder(all).redirectErrorStream(true).start();
            String answer = holder.inputReader().readLine();
            if ("up".equals(answer)) {
                return Optional.of(holder);
            }
            holder.destroyForcibly();
            answers.append(answers.isEmpty() ? "" : "; ").append(answer);
            return Optional.empty();
        } catch (IOException e) {
            throw new PeersException("no network namespace can be made (" + e.getMessage() + ")", e);
        }
    }

    /** The process that holds it: when it ends, and all inside have, the namespace is gone. */
    Process holder() {
        return holder;
    }

    /** A process to be started inside. */
    ProcessBuilder process(List<String> command) {
        List<String> all = new ArrayList<>(entry);
        all.addAll(command);
        return new ProcessBuilder(all);
    }

    /** Runs a command of a few words inside; what it says, if it ends with 0. */
    String run(String... command) throws PeersException {
        try {
            Process process =
                    process(List.of(command)).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new PeersException(String.join(" ", command) + ": " + said.trim());
            }
            return said;
        } catch (IOException e) {
            throw new PeersException(String.join(" ", command) + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PeersException("interrupted", e);
        }
    }
}
