package dev.cgnat.proxy;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code natproxy man} and {@code natbench man}: their manual pages. */
@Command(
        name = "man",
        mixinStandardHelpOptions = true,
        description = "Print the manual page of COMMAND, or write those of all commands to a folder. "
                + "To read one: ${ROOT-COMMAND-NAME} man run | man -l -")
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
public final class ManCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "COMMAND",
            arity = "0..*",
            description = "Such as: config check. Without it the page of ${ROOT-COMMAND-NAME} itself.")
    private List<String> words = List.of();

    @Option(
            names = "--to",
            paramLabel = "FOLDER",
            description =
                    "Write the page, and those of the commands below it, to files there, such as ~/.local/share/man/man1.")
    private Optional<Path> folder = Optional.empty();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        CommandLine command = spec.root().commandLine();
        for (String word : words) {
            CommandLine below = command.getSubcommands().get(word);
            if (below == null) {
                throw new ParameterException(
                        spec.commandLine(),
                        "COMMAND: " + word + " (expected: one of "
                                + String.join(", ", command.getSubcommands().keySet()) + ")");
            }
            command = below;
        }
        PrintWriter out = spec.commandLine().getOut();
        if (folder.isEmpty()) {
            out.print(new ManPage(command).render());
        } else {
            Files.createDirectories(folder.get());
            for (CommandLine each : ManPage.tree(command).toList()) {
                ManPage page = new ManPage(each);
                Path file = folder.get().resolve(page.fileName());
                Files.writeString(file, page.render());
                out.println(file);
            }
        }
        out.flush();
        return ExitCodes.OK;
    }
}
