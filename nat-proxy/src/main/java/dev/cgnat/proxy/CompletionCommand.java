package dev.cgnat.proxy;

import java.io.PrintWriter;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code natproxy completion} and {@code natbench completion}: what makes a shell complete the commands. */
@Command(
        name = "completion",
        mixinStandardHelpOptions = true,
        description = "Print a script for bash and zsh that completes commands and options: "
                + "source <(${ROOT-COMMAND-NAME} completion)")
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
public final class CompletionCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        out.print(AutoComplete.bash(spec.root().name(), spec.root().commandLine()));
        out.flush();
    }
}
