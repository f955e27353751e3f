package dev.cgnat.proxy.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.cgnat.proxy.config.TransportKind;
import dev.cgnat.proxy.transport.Transport;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Programs and transports that some tests need. */
public final class Tools {
    private static final String REQUIRE = "cgnat.require-tools";

    private Tools() {}

    /**
     * Where the program of that name is, by {@code PATH}. If it is nowhere, the test is skipped and says so; with {@code
     * -Dcgnat.require-tools=true} it fails.
     */
    public static Path require(String name) {
        Optional<Path> tool = find(name);
        if (tool.isEmpty()) {
            missing(name + " is not on the PATH");
        }
        return tool.orElseThrow();
    }

    /** Skips, or fails, as {@link #require} does; for what is not a program, such as a privilege. */
    public static void missing(String what) {
        if (Boolean.getBoolean(REQUIRE)) {
            fail("%s (expected: present, as -D%s=true says)", what, REQUIRE);
        }
        System.err.println("SKIPPED: " + what); // the build tells how many tests were skipped, not why
        abort(what + "; -D" + REQUIRE + "=true turns this into a failure");
    }

    /** Skips, or fails, as {@link #require} does, where the system has no such transport: containers often forbid io_uring. */
    public static void require(TransportKind transport) {
        try {
            Transport.of(transport);
        } catch (IllegalStateException e) {
            missing(String.valueOf(e.getMessage()));
        }
    }

    /** Skips, or fails, as {@link #require} does, where nothing can listen on {@code ::1}: many containers have no IPv6. */
    public static void requireIpv6() {
        try (ServerSocket listening =
                new ServerSocket(0, 1, Proxies.address("::1").toInetAddress())) {
            assertThat(listening.isBound()).isTrue();
        } catch (IOException e) {
            missing("nothing can listen on ::1 (" + e.getMessage() + ")");
        }
    }

    private static Optional<Path> find(String name) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Stream.concat(Pattern.compile(File.pathSeparator).splitAsStream(path), Stream.of("/usr/sbin", "/sbin"))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
