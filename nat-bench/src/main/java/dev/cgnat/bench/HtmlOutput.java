package dev.cgnat.bench;

import dev.cgnat.bench.report.RunPage;
import dev.cgnat.bench.report.SavedReport;
import dev.cgnat.bench.report.ShootoutReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The option {@code --report} of the commands that end with a run. */
final class HtmlOutput {
    @Option(
            names = "--report",
            paramLabel = "FILE",
            description = "also write the run as a page with charts, one HTML file that needs no network")
    private Optional<Path> file = Optional.empty();

    /** Refuses, before the run, a file that could not be written after it. */
    void require(CommandSpec spec) {
        file.ifPresent(path -> requireWritable(spec, "report", path));
    }

    boolean isWanted() {
        return file.isPresent();
    }

    /** If it was asked for. */
    void write(SavedReport report) throws CommandException {
        if (file.isPresent()) {
            write(file.get(), report);
        }
    }

    /** The same for profiles side by side. */
    void write(ShootoutReport report) throws CommandException {
        if (file.isPresent()) {
            write(file.get(), RunPage.html(report));
        }
    }

    static void write(Path path, SavedReport report) throws CommandException {
        write(path, RunPage.html(report));
    }

    private static void write(Path path, String page) throws CommandException {
        try {
            Files.writeString(path, page);
        } catch (IOException e) {
            throw new CommandException(ExitCode.FAILURE, "report: " + path + " cannot be written (" + e + ")", e);
        }
    }

    static void requireWritable(CommandSpec spec, String option, Path path) {
        Path folder = path.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder) || Files.isDirectory(path)) {
            throw new ParameterException(
                    spec.commandLine(), option + ": " + path + " (expected: a file in a directory that exists)");
        }
    }
}
