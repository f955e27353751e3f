package dev.cgnat.proxy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi.Text;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The manual page of a command, made of what its {@code --help} is made of, in the macros of man(7).
 *
 * <p><b>Ownership</b>: one thread.
 */
final class ManPage {
    /** Of a row as picocli renders an option: required, short name, comma or separator, the rest of the names, description. */
    private static final int DESCRIPTION = 4;

    private static final int WIDE = 10_000;

    /** With a blank after it. roff fills lines whatever their width; short ones can be compared. */
    private static final String SHORT_LINE = "(.{1,70})(?: |$)";

    private static final Map<Integer, String> ESCAPES = Map.of(
            (int) '\\',
            "\\e",
            (int) '-',
            "\\-",
            (int) '\'',
            "\\(aq",
            (int) '`',
            "\\(ga",
            (int) '^',
            "\\(ha",
            (int) '~',
            "\\(ti",
            (int) '"',
            "\\(dq");

    private final CommandSpec command;
    private final Help help;
    private final StringWriter text = new StringWriter();
    private final PrintWriter page = new PrintWriter(text);

    ManPage(CommandLine commandLine) {
        command = commandLine.getCommandSpec();
        help = help(commandLine);
    }

    /** {@code commandLine} and all commands below it that {@code --help} shows. */
    static Stream<CommandLine> tree(CommandLine commandLine) {
        return Stream.concat(
                Stream.of(commandLine),
                subcommands(commandLine.getCommandSpec()).stream().flatMap(ManPage::tree));
    }

    /** {@code natproxy-drain.1}. */
    String fileName() {
        return name(command) + ".1";
    }

    String render() {
        line(".TH " + escape(name(command).toUpperCase(Locale.ROOT)) + " 1 \"\" "
                + quoted(command.root().version()[0]) + " "
                + quoted(command.root().name() + " manual"));
        line(".nh"); // a word that is broken would be a wrong word
        line(".ad l");
        section("NAME");
        line(escape(name(command)) + " \\- " + escape(summary(command)));
        section("SYNOPSIS");
        line(".B " + escape(command.qualifiedName(" ")));
        paragraph(help.synopsis(0).strip().substring(command.qualifiedName(" ").length()));
        section("DESCRIPTION");
        paragraph(help.description());
        if (!command.positionalParameters().isEmpty()) {
            section("ARGUMENTS");
            command.positionalParameters()
                    .forEach(parameter -> item(help.createDefaultParameterRenderer()
                            .render(parameter, help.parameterLabelRenderer(), help.colorScheme())));
        }
        section("OPTIONS");
        command.options().stream()
                .filter(option -> !option.hidden())
                .sorted(help.createDefaultOptionSort())
                .forEach(option -> item(help.createDefaultOptionRenderer()
                        .render(option, help.parameterLabelRenderer(), help.colorScheme())));
        if (!subcommands(command).isEmpty()) {
            section("COMMANDS");
            subcommands(command).forEach(sub -> item(reference(sub.getCommandSpec()), summary(sub.getCommandSpec())));
        }
        if (!command.usageMessage().exitCodeList().isEmpty()) {
            section("EXIT STATUS");
            command.usageMessage().exitCodeList().forEach((code, meaning) -> item(".B " + code, meaning));
        }
        if (!help.footer().isBlank()) {
            section("NOTES");
            paragraph(help.footer());
        }
        if (command.parent() != null) {
            section("SEE ALSO");
            line(reference(command.parent()));
        }
        page.flush();
        return text.toString();
    }

    /** In lines that are never broken, as roff breaks them. */
    private static Help help(CommandLine commandLine) {
        commandLine.setUsageHelpWidth(WIDE);
        return new Help(commandLine.getCommandSpec(), Help.defaultColorScheme(Help.Ansi.OFF));
    }

    private static Collection<CommandLine> subcommands(CommandSpec command) {
        return command.subcommands().values().stream()
                .filter(sub -> !sub.getCommandSpec().usageMessage().hidden())
                .distinct()
                .toList();
    }

    private static String name(CommandSpec command) {
        return command.qualifiedName("-");
    }

    private static String reference(CommandSpec command) {
        return ".BR " + escape(name(command)) + " (1)";
    }

    /** The first sentence of what it is for. */
    private static String summary(CommandSpec command) {
        return help(command.commandLine())
                .description()
                .strip()
                .split("(?<=[^.]{3})[.;:] ", 2)[0]
                .replaceAll("\\.$", "");
    }

    private void section(String title) {
        line(".SH " + (title.contains(" ") ? quoted(title) : title));
    }

    private void item(Text[][] rows) {
        String label = rows[0][1] + rows[0][2].toString().replace(",", ", ") + rows[0][3];
        List<String> lines =
                Arrays.stream(rows).map(row -> row[DESCRIPTION].toString()).toList();
        item(".B " + quoted(label), String.join("\n", lines));
    }

    private void item(String label, String description) {
        line(".TP");
        line(label);
        paragraph(description);
    }

    private void paragraph(String lines) {
        lines.lines()
                .flatMap(line -> line.strip().replaceAll(SHORT_LINE, "$1\n").lines())
                .filter(line -> !line.isEmpty())
                .map(ManPage::escape)
                .forEach(this::line);
    }

    private void line(String line) {
        page.print(line + "\n");
    }

    private static String quoted(String text) {
        return "\"" + escape(text) + "\"";
    }

    /** Every character as itself: none of them a request of roff, a quotation mark or a hyphen. */
    private static String escape(String text) {
        String escaped = text.codePoints()
                .mapToObj(point -> ESCAPES.getOrDefault(
                        point, point < 128 ? Character.toString(point) : String.format("\\[u%04X]", point)))
                .collect(Collectors.joining());
        return escaped.startsWith(".") ? "\\&" + escaped : escaped;
    }
}
