package dev.cgnat.proxy.client;

import dev.cgnat.proxy.ExitCodes;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What every command that asks a proxy has in common: whom to ask, and what to say if there is no answer. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
abstract class ClientCommand implements Callable<Integer> {
    private static final long MOST_TOKEN_BYTES = 4096;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--admin",
            paramLabel = "URL",
            defaultValue = "${env:NATPROXY_ADMIN:-http://127.0.0.1:9477}",
            description =
                    "Where the proxy is asked: its admin.bind. Default: NATPROXY_ADMIN, or http://127.0.0.1:9477.")
    private String admin;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "The token of the proxy's admin.token-file, the only line of a file.")
    private Optional<Path> tokenFile = Optional.empty();

    @Option(names = "-q", description = "Nothing but errors on stderr: no hints, no progress.")
    private boolean isQuiet;

    @Override
    public final Integer call() {
        try {
            return run(new ApiClient(adminUri(), token()));
        } catch (ClientException e) {
            err().println("error: " + Column.printable(String.valueOf(e.getMessage())));
            return e.exitCode();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCodes.INTERRUPTED;
        }
    }

    /** Asks, prints, and says how it ended. */
    abstract int run(ApiClient api) throws ClientException, InterruptedException;

    final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    final PrintWriter err() {
        return spec.commandLine().getErr();
    }

    /** Tells a person how far it is. */
    final void progress(String line) {
        if (!isQuiet) {
            err().println(line);
        }
    }

    /** Tells a person at a terminal what to ask next. */
    final void hint(String line) {
        if (!isQuiet && System.console() != null) {
            err().println("hint: " + line);
        }
    }

    private URI adminUri() throws ClientException {
        try {
            URI uri = new URI(admin);
            if (uri.getScheme() != null
                    && Set.of("http", "https").contains(uri.getScheme())
                    && uri.getHost() != null
                    && uri.getUserInfo() == null
                    && uri.getQuery() == null
                    && Set.of("", "/").contains(uri.getPath())) {
                return uri;
            }
        } catch (URISyntaxException e) {
            throw ClientException.usage("--admin: " + admin + " (expected: http://HOST:PORT)");
        }
        throw ClientException.usage("--admin: " + admin + " (expected: http://HOST:PORT)");
    }

    private Optional<String> token() throws ClientException {
        if (tokenFile.isEmpty()) {
            return Optional.empty();
        }
        Path path = tokenFile.get();
        try {
            String token = Files.size(path) <= MOST_TOKEN_BYTES
                    ? Files.readString(path).strip()
                    : "";
            if (token.matches("[!-~]+")) {
                return Optional.of(token);
            }
        } catch (IOException e) {
            throw ClientException.usage("--token-file: " + path + " (expected: a file that can be read, not "
                    + e.getClass().getSimpleName() + ")");
        }
        throw ClientException.usage("--token-file: " + path + " (expected: one line of visible ASCII characters)");
    }
}
