package dev.cgnat.proxy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A command line that was executed in this process: how it ended, and what it printed. */
record CommandRun(int exitCode, String out, String err) {
    private static final JsonMapper JSON = new JsonMapper();

    static CommandRun of(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = execute(out, err, args);
        return new CommandRun(exitCode, out.toString(), err.toString());
    }

    /** For what does not end by itself: {@code out} can be read meanwhile. */
    static int execute(StringWriter out, StringWriter err, String... args) {
        CommandLine commands =
                NatProxyMain.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return commands.execute(args);
    }

    List<String> lines() {
        return out.lines().toList();
    }

    JsonNode json() {
        return JSON.readTree(out);
    }

    /** An object a line. */
    List<JsonNode> objects() {
        List<JsonNode> objects = new ArrayList<>();
        out.lines().forEach(line -> objects.add(JSON.readTree(line)));
        return objects;
    }

    static String[] join(String[] args, String... more) {
        return Stream.concat(Stream.of(args), Stream.of(more)).toArray(String[]::new);
    }
}
