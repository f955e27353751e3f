package dev.cgnat.proxy.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** Manual pages as readers see them. */
public final class ManPages {
    private ManPages() {}

    /** Writes the pages of {@code commands} to {@code folder}, and has groff print each: without a warning, with every option. */
    public static void requireReadable(CommandLine commands, Path folder) throws IOException, InterruptedException {
        commands.setOut(new PrintWriter(new StringWriter()));
        assertThat(commands.execute("man", "--to", folder.toString())).isZero();
        requireReadable(commands.getCommandSpec(), folder);
    }

    private static void requireReadable(CommandSpec command, Path folder) throws IOException, InterruptedException {
        String text = print(folder.resolve(command.qualifiedName("-") + ".1"));
        assertThat(text).contains(command.qualifiedName("-") + " - ", command.qualifiedName(" "), "OPTIONS");
        assertThat(command.options())
                .filteredOn(option -> !option.hidden())
                .allSatisfy(option -> assertThat(text).contains(option.longestName()));
        for (CommandLine below : command.subcommands().values()) {
            if (below.getCommandSpec().usageMessage().hidden()) {
                continue;
            }
            assertThat(text).contains(below.getCommandSpec().qualifiedName("-") + "(1)");
            requireReadable(below.getCommandSpec(), folder);
        }
    }

    /** Without bold and underlined characters, in lines that no option is broken in. */
    private static String print(Path page) throws IOException, InterruptedException {
        Path errors = page.resolveSibling(page.getFileName() + ".err");
        Process groff = new ProcessBuilder(List.of(
                        Tools.require("groff").toString(),
                        "-man",
                        "-ww",
                        "-Tutf8",
                        "-P-cbou",
                        "-rLL=200n",
                        page.toString()))
                .redirectError(errors.toFile())
                .start();
        String text = new String(groff.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(groff.waitFor()).isZero();
        assertThat(Files.readString(errors)).as(page.toString()).isEmpty();
        return text;
    }
}
