package dev.cgnat.proxy.testing;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program that a test started, which ends with it. */
public final class ToolProcess implements AutoCloseable {
    private static final int ENDS_WITHIN_SECONDS = 60;

    private final Process process;
    private final Path output;

    private ToolProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** Starts {@code command}, whose first word must be a program that {@link Tools#require} found. */
    public static ToolProcess start(Path output, String... command) throws IOException {
        Process process = new ProcessBuilder(List.of(command))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        return new ToolProcess(process, output);
    }

    /** A UDP port of 127.0.0.1 that nobody had just now; for a program that cannot be told to choose one. */
    public static int freeUdpPort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            return socket.getLocalPort();
        }
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Whether it stands still, as a program of one thread does that has dealt with all that has come and waits for more. */
    public boolean isWaiting() throws IOException {
        String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
        return stat.startsWith("S", stat.lastIndexOf(')') + 2);
    }

    /** All that it has said so far. */
    public String output() throws IOException {
        return Files.readString(output);
    }

    /** Asks it to end, and returns when it has. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(ENDS_WITHIN_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
