package dev.cgnat.proxy.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The NAT of the Linux kernel in a namespace of its own, to compare ours with. */
public final class KernelNat implements AutoCloseable {
    /** Whence clients come; more are {@code 10.9.1.2} to {@code 10.9.1.9}. */
    public static final String CLIENT = "10.9.1.1";

    public static final String SERVER = "10.9.2.1";
    public static final String EXTERNAL = "10.9.3.1";

    private static final long GUARD_SECONDS = 120;

    private final Namespace namespace;

    private KernelNat(Namespace namespace) {
        this.namespace = namespace;
    }

    /**
     * Translates what goes from the clients to the server.
     *
     * @param target such as {@code 10.9.3.1:20000-20003 fully-random}
     * @param filters rules that what leaves must pass before, such as a limit
     */
    public static KernelNat snatTo(String target, String... filters) throws IOException {
        Tools.require("nft");
        KernelNat nat = new KernelNat(Namespace.create());
        for (String address : new String[] {"10.9.1.0/28", SERVER + "/32", "10.9.3.0/29"}) {
            nat.run("ip", "address", "add", address, "dev", "lo");
        }
        nat.run("nft", "add table ip nat");
        nat.run("nft", "add chain ip nat out { type filter hook output priority 0 ; policy accept ; }");
        for (String filter : filters) {
            nat.run("nft", filter);
        }
        nat.run("nft", "add chain ip nat post { type nat hook postrouting priority 100 ; policy accept ; }");
        nat.run(
                "nft",
                "add rule ip nat post ip saddr 10.9.1.0/28 ip daddr " + SERVER + " meta l4proto tcp snat to " + target);
        return nat;
    }

    /**
     * Opens flows one after the other, all of which live until the last was tried.
     *
     * @param flows such as {@code 10.9.1.1:40000>10.9.2.1:80}; port 0 of the client takes a free one
     * @return whom the server saw, {@code -} for a flow that was not established
     */
    public List<String> open(List<String> flows) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classes(),
                HeldFlows.class.getName()));
        command.addAll(flows);
        return run(command.toArray(String[]::new)).lines().toList();
    }

    /** Prints what both NATs did in a case of the conformance list. */
    public static void print(String conformanceCase, Object ours, Object kernels) {
        System.out.println(conformanceCase + ": ours " + ours + ", the kernel's " + kernels);
    }

    @Override
    public void close() {
        namespace.close();
    }

    private String run(String... command) throws IOException {
        Process process = namespace.process(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            assertThat(process.waitFor(GUARD_SECONDS, TimeUnit.SECONDS))
                    .as(output)
                    .isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (process.exitValue() != 0) {
            Tools.missing("a NAT of the kernel: " + String.join(" ", command) + ": " + output);
        }
        return output;
    }

    private static String classes() {
        try {
            return Path.of(HeldFlows.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }
}
