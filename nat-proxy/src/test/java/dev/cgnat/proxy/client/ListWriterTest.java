package dev.cgnat.proxy.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.proxy.client.Column.Kind;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ListWriterTest {
    private static final List<Column> COLUMNS = List.of(
            Column.of("NAME", "name", Kind.TEXT),
            Column.of("PORTS", "use.ports", Kind.COUNT),
            Column.of("USED", "use.ratio", Kind.RATIO),
            Column.of("STATE", "state", Kind.STATE),
            Column.wide("SINCE", "since", Kind.TEXT));
    private static final String ONE =
            "{\"name\":\"main\",\"use\":{\"ports\":12000,\"ratio\":0.5},\"state\":\"active\",\"since\":\"today\"}";
    private static final String TWO = "{\"name\":\"a, b\\u001b[2J\",\"use\":{\"ports\":7}}";

    private final StringWriter printed = new StringWriter();

    private ListWriter writer(Format format, boolean hasHeaders, int width, boolean isColored) {
        return new ListWriter(
                COLUMNS,
                new OutputOptions.Settings(format, hasHeaders, width, new Palette(isColored)),
                new PrintWriter(printed));
    }

    private String print(Format format, int width, String... rows) {
        ListWriter writer = writer(format, true, width, false);
        writer.add(rows(rows));
        writer.end();
        return printed.toString();
    }

    private static List<JsonNode> rows(String... rows) {
        List<JsonNode> nodes = new ArrayList<>();
        for (String row : rows) {
            nodes.add(new JsonMapper().readTree(row));
        }
        return nodes;
    }

    @Test
    void columnsAreAsWideAsTheirWidestCellAndNumbersEndAtTheRight() {
        assertThat(print(Format.TABLE, 80, ONE, TWO)).isEqualTo("""
                NAME      PORTS   USED  STATE
                main      12000  50.0%  active
                a, b?[2J      7      -  -
                """);
    }

    @Test
    void whatDoesNotFitIsLeftOutFromTheEndAndSaid() {
        ListWriter writer = writer(Format.TABLE, true, 22, false);
        writer.add(rows(ONE));
        writer.end();
        assertThat(printed).hasToString("NAME  PORTS   USED\nmain  12000  50.0%\n");
        assertThat(writer.leftOut()).containsExactly("STATE");
    }

    @Test
    void firstColumnIsShownHoweverNarrow() {
        assertThat(print(Format.TABLE, 2, ONE)).isEqualTo("NAME\nmain\n");
    }

    @Test
    void wideShowsEveryColumnOnALineHoweverLong() {
        assertThat(print(Format.WIDE, 2, ONE)).isEqualTo("""
                NAME  PORTS   USED  STATE   SINCE
                main  12000  50.0%  active  today
                """);
    }

    @Test
    void laterPagesKeepTheColumnsOfTheFirst() {
        ListWriter writer = writer(Format.TABLE, false, 80, false);
        writer.add(rows("{\"name\":\"x\"}"));
        writer.add(rows("{\"name\":\"longer\",\"state\":\"held\"}"));
        writer.end();
        assertThat(printed).hasToString("x  -  -  -\nlonger  -  -  held\n");
    }

    @Test
    void csvHasExactValuesAndQuotes() {
        assertThat(print(Format.CSV, 10, ONE, TWO))
                .isEqualTo(
                        "name,use.ports,use.ratio,state,since\nmain,12000,0.5,active,today\n\"a, b\u001b[2J\",7,,,\n");
    }

    @Test
    void jsonOfSeveralPagesIsOneArray() {
        ListWriter writer = writer(Format.JSON, true, 80, false);
        writer.add(rows());
        writer.add(rows(ONE));
        writer.add(rows(TWO));
        writer.end();
        JsonNode array = new JsonMapper().readTree(printed.toString());
        assertThat(array).hasSize(2);
        assertThat(array.get(0).at("/use/ports").asInt()).isEqualTo(12000);
    }

    @Test
    void nothingIsStillAnAnswer() {
        assertThat(print(Format.JSON, 80)).isEqualTo("[]\n");
        printed.getBuffer().setLength(0);
        assertThat(print(Format.CSV, 80)).isEqualTo("name,use.ports,use.ratio,state,since\n");
        printed.getBuffer().setLength(0);
        assertThat(print(Format.TABLE, 80)).isEqualTo("NAME  PORTS  USED  STATE\n");
    }

    @Test
    void colorsDoNotMoveColumns() {
        ListWriter writer = writer(Format.TABLE, true, 80, true);
        writer.add(rows(ONE, "{\"name\":\"full\",\"use\":{\"ports\":1,\"ratio\":0.99},\"state\":\"disabled\"}"));
        assertThat(printed.toString())
                .contains("\u001b[32mactive")
                .contains("\u001b[31m99.0%")
                .contains("\u001b[31mdisabled");
        assertThat(printed.toString().replaceAll("\u001b\\[[0-9;]*m", "")).isEqualTo("""
                NAME  PORTS   USED  STATE
                main  12000  50.0%  active
                full      1  99.0%  disabled
                """);
    }

    @ParameterizedTest
    @CsvSource({"0.04,0.0s", "12.34,12.3s", "59.99,60.0s", "61,1m1s", "7440,2h4m", "90000,1d1h"})
    void timesHaveTheirTwoLargestUnits(double seconds, String text) {
        assertThat(Column.seconds(seconds)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"0,0B", "1023,1023B", "1024,1.0K", "1572864,1.5M", "1e18,888.2P"})
    void bytesAreInUnitsOf1024(double bytes, String text) {
        assertThat(Column.bytes(bytes)).isEqualTo(text);
    }
}
