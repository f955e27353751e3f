package dev.cgnat.bench.report;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Reads reports that commands printed with {@code -o json}. */
public final class SavedReports {
    private static final String EXPECTED = " (expected: what sim, replay, run or load print with -o json)";

    private SavedReports() {}

    /** The report in {@code file}; {@link IllegalArgumentException} that names the file if there is none, or none that can be read. */
    public static SavedReport read(Path file) {
        String text;
        try {
            text = Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException(file + ": no such file" + EXPECTED, e);
        } catch (MalformedInputException e) {
            throw new IllegalArgumentException(file + ": not a text" + EXPECTED, e);
        } catch (IOException e) {
            throw new IllegalArgumentException(file + ": cannot be read: " + e.getMessage() + EXPECTED, e);
        }
        return parse(file.toString(), text);
    }

    static SavedReport parse(String name, String text) {
        try {
            JsonNode tree = Json.read(text, JsonNode.class);
            requireVersion(name, tree.path("schema-version"));
            if (tree.has("command") && tree.has("totals")) {
                RunReport run = Json.read(text, RunReport.class);
                return tree.has("simulated") ? twin(run, tree) : run;
            }
            if (tree.has("flows") && tree.has("latency-ms")) {
                return Json.read(text, LoadReport.class);
            }
        } catch (JacksonException e) {
            throw new IllegalArgumentException(name + ": not a report: " + e.getOriginalMessage() + EXPECTED, e);
        }
        throw new IllegalArgumentException(name + ": not a report of a run" + EXPECTED);
    }

    private static TwinReport twin(RunReport real, JsonNode tree) {
        return TwinReport.of(
                real,
                Json.read(tree.path("simulated").toString(), RunReport.class),
                Json.read(tree.path("decisions").toString(), TwinReport.Decisions.class));
    }

    private static void requireVersion(String name, JsonNode version) {
        if (!version.isInt()) {
            throw new IllegalArgumentException(name + ": no schema-version" + EXPECTED);
        }
        if (version.intValue() != RunReport.SCHEMA_VERSION) {
            throw new IllegalArgumentException(name + ": schema-version: " + version.intValue() + " (expected: "
                    + RunReport.SCHEMA_VERSION + ", which is what this program writes)");
        }
    }
}
