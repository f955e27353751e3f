package dev.cgnat.proxy.client;

import dev.cgnat.proxy.ExitCodes;
import java.util.Map;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;

/** {@code natproxy undrain}: lets new flows in again. */
@Command(
        name = "undrain",
        mixinStandardHelpOptions = true,
        description = "Take a drain back. Exit code 6 if there is none of that scope.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
public final class UndrainCommand extends ClientCommand {
    @ArgGroup(multiplicity = "1")
    private DrainScopeOptions scope;

    @Override
    int run(ApiClient api) throws ClientException, InterruptedException {
        out().println(Column.printable(api.post("/undrain", Map.of("scope", scope.text()))
                        .path("scope")
                        .asString() + " takes new flows again"));
        out().flush();
        return ExitCodes.OK;
    }
}
