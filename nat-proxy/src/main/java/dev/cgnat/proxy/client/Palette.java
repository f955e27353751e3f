package dev.cgnat.proxy.client;

import dev.cgnat.proxy.client.Column.Kind;
import java.util.Set;
import picocli.CommandLine.Help.Ansi.IStyle;
import picocli.CommandLine.Help.Ansi.Style;
import tools.jackson.databind.JsonNode;

/** Colours of a terminal: red for what needs somebody, yellow for what may soon. */
final class Palette {
    private static final double HIGH = 0.8;
    private static final double CRITICAL = 0.95;
    private static final Set<String> GOOD =
            Set.of("ready", "active", "established", "granted", "healthy", "done", "false");
    private static final Set<String> POOR =
            Set.of("connecting", "half_closed", "draining", "held", "reserved", "queued");

    private final boolean isOn;

    Palette(boolean isOn) {
        this.isOn = isOn;
    }

    String header(String text) {
        return dye(Style.bold, text);
    }

    /** {@code text}, which tells the value {@code value} of that kind. */
    String value(Kind kind, JsonNode value, String text) {
        if (kind == Kind.RATIO && value.isNumber() && value.asDouble() >= HIGH) {
            return dye(value.asDouble() >= CRITICAL ? Style.fg_red : Style.fg_yellow, text);
        }
        return kind == Kind.STATE ? state(value.asString(), text) : text;
    }

    /** A word that tells how something is. */
    String state(String word, String text) {
        return dye(GOOD.contains(word) ? Style.fg_green : POOR.contains(word) ? Style.fg_yellow : Style.fg_red, text);
    }

    private String dye(IStyle style, String text) {
        return isOn ? style.on() + text + Style.reset.on() : text;
    }
}
