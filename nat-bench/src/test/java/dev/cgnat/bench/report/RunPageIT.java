package dev.cgnat.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.BoundingBox;
import com.microsoft.playwright.options.ColorScheme;
import dev.cgnat.proxy.testing.Chromium;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page in a real browser, from disk. */
@SuppressWarnings("NullAway.Init") // each test opens its page
final class RunPageIT {
    private static final RunReport EVENING = Evening.report()
            .judged(List.of(
                    Threshold.parse("refused==0"),
                    Threshold.parse("peak-in-use<2000"),
                    Threshold.parse("connect.p99<5ms")));

    private static Chromium chromium;

    @TempDir
    private static Path folder;

    private Page page;

    @BeforeAll
    static void launch() {
        chromium = Chromium.launch();
    }

    @AfterAll
    static void quit() {
        if (chromium != null) {
            chromium.close();
        }
    }

    @AfterEach
    void close() {
        chromium.closePages();
    }

    @Test
    void asksForNothingButItselfAndComplainsOfNothing() throws IOException {
        Path file = open(EVENING, 1280, ColorScheme.LIGHT);
        page.mouse().move(400, 600);
        assertThat(chromium.complaints()).isEmpty();
        assertThat(chromium.requests()).containsExactly(file.toUri().toString());
    }

    @Test
    void chartsHoldTheSamplesOfTheReport() throws IOException {
        open(EVENING, 1280, ColorScheme.LIGHT);
        List<Double> inUse = values(EVENING, RunReport.Sample::inUse);
        assertThat(series("ports", 0)).isEqualTo(values(EVENING, RunReport.Sample::atSeconds));
        assertThat(series("ports", 1)).isEqualTo(inUse);
        assertThat(series("ports", 2)).isEqualTo(values(EVENING, one -> one.inUse() + one.held()));
        assertThat(series("ports", 3)).isEqualTo(values(EVENING, one -> one.inUse() + one.held() + one.reserved()));
        assertThat(series("ports", 4)).hasSameSizeAs(inUse).containsOnly((double) Evening.PORTS);
        assertThat(series("sessions", 1)).isEqualTo(values(EVENING, RunReport.Sample::sessions));
        assertThat(series("granted", 1).subList(1, Evening.SECONDS + 1))
                .isEqualTo(values(EVENING, RunReport.Sample::granted).subList(1, Evening.SECONDS + 1));
        assertThat(series("granted", 2))
                .containsOnly(EVENING.capacity().ceilingPerSecond().orElseThrow());
        assertThat(series("refused", 2).subList(1, Evening.SECONDS + 1)) // the second is stacked on the first
                .isEqualTo(values(
                                EVENING,
                                one -> one.refused().values().stream()
                                        .mapToLong(Long::longValue)
                                        .sum())
                        .subList(1, Evening.SECONDS + 1));
        assertThat(series("connect", 3))
                .isEqualTo(values(
                        EVENING,
                        one -> one.granted() == 0
                                ? Double.NaN
                                : one.connectMs().orElseThrow().p99()));
        assertThat(series("peak-ports", 1)).containsExactly(12.0, 61.0, 117.0, 128.0, 54.0, 24.0, 3.0, 1.0);
    }

    @Test
    void aChartSaysTheValuesUnderThePointer() throws IOException {
        open(EVENING, 1280, ColorScheme.LIGHT);
        int at = 300;
        Locator chart = page.locator("#ports .u-over");
        chart.scrollIntoViewIfNeeded();
        BoundingBox box = chart.boundingBox();
        double left = ((Number) page.evaluate("at => document.querySelector('#ports').uplot.valToPos(at, 'x')", at))
                .doubleValue();
        page.mouse().move(box.x + left, box.y + box.height / 2);
        RunReport.Sample sample = EVENING.samples().get(at);
        assertThat(page.locator("#ports .legend").innerText().replaceAll("\\s+", " "))
                .contains("in use " + number(sample.inUse()))
                .contains("held " + number(sample.held()))
                .contains("capacity 2,000")
                .contains("at 5:00");
        assertThat(page.locator("#sessions .legend").innerText()).contains("at 5:00"); // pointers move together
    }

    @Test
    void pixelsOfTheChartHaveTheColoursOfTheStates() throws IOException {
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            open(EVENING, 1280, scheme);
            List<?> painted = (List<?>) page.evaluate("() => { const u = document.querySelector('#ports').uplot;"
                    + " const ratio = devicePixelRatio, style = getComputedStyle(document.documentElement);"
                    + " const pixel = (t, ports) => [...u.ctx.getImageData(Math.round(u.valToPos(t, 'x', true)),"
                    + " Math.round(u.valToPos(ports, 'y', true)), 1, 1).data];"
                    + " return [pixel(100, 100), pixel(100, 600)]; }");
            List<?> inUse = (List<?>) painted.get(0);
            List<?> held = (List<?>) painted.get(1);
            assertThat((int) inUse.get(2)).as("blue of %s", inUse).isGreaterThan((int) inUse.get(0));
            assertThat((int) held.get(0)).as("red of %s", held).isGreaterThan((int) held.get(2));
        }
    }

    @Test
    void followsLightAndDarkWhileItIsOpen() throws IOException {
        open(EVENING, 1280, ColorScheme.LIGHT);
        String light = (String) page.evaluate("getComputedStyle(document.body).backgroundColor");
        String grid = (String) page.evaluate("document.querySelector('#ports canvas').toDataURL()");
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        assertThat(page.evaluate("getComputedStyle(document.body).backgroundColor"))
                .isNotEqualTo(light);
        page.waitForFunction("old => document.querySelector('#ports canvas').toDataURL() !== old", grid);
        assertThat(chromium.complaints()).isEmpty();
    }

    @Test
    void tablesAndWordsTellTheSameToWhoSeesNoChart() throws IOException {
        open(EVENING, 1280, ColorScheme.LIGHT);
        assertThat(page.locator("#ports .chart").getAttribute("aria-label"))
                .contains("Ports by state")
                .contains("in use: at most " + number(EVENING.totals().peakInUse()));
        page.locator("#ports summary").click();
        page.locator("#ports tbody tr").last().waitFor(); // filled when it opens
        assertThat(page.locator("#ports tbody tr").count()).isBetween(40, 70);
        assertThat(page.locator("#ports tbody tr").last().innerText())
                .contains("10:00")
                .contains(number(EVENING.samples().get(Evening.SECONDS).held()));
        assertThat(page.locator("main").innerText())
                .contains(number(EVENING.totals().granted()))
                .contains("2 of 3 thresholds crossed")
                .contains("search gave up")
                .contains("web browsing")
                .contains("203.0.113.10:443")
                .contains("linux-default")
                .contains("0.1.0-SNAPSHOT")
                .contains("<script>alert(1)</script> is text");
        assertThat(chromium.complaints()).isEmpty();
    }

    @Test
    void fitsATelephone() throws IOException {
        open(EVENING, 400, ColorScheme.DARK);
        assertThat((int) page.evaluate("document.documentElement.scrollWidth")).isLessThanOrEqualTo(400);
        assertThat((int) page.evaluate("document.querySelector('#ports canvas').getBoundingClientRect().right | 0"))
                .isLessThanOrEqualTo(400);
    }

    @Test
    void prints() throws IOException {
        open(EVENING, 1280, ColorScheme.DARK);
        page.evaluate(
                "addEventListener('beforeprint', () => { window.printed ="
                        + " [document.querySelector('#ports').uplot.width, getComputedStyle(document.body).backgroundColor]; })");
        byte[] pdf = page.pdf(new Page.PdfOptions().setFormat("A4").setPrintBackground(true));
        assertThat(new String(pdf, 0, 5, StandardCharsets.ISO_8859_1)).isEqualTo("%PDF-");
        assertThat(pdf).hasSizeGreaterThan(20_000);
        List<?> printed = (List<?>) page.evaluate("window.printed");
        assertThat((int) printed.get(0)).as("width of a chart").isBetween(600, 700);
        assertThat(printed.get(1)).as("paper").isIn("rgb(255, 255, 255)", "rgb(244, 246, 248)");
        assertThat((int) page.evaluate("document.querySelector('#ports').uplot.width"))
                .as("width after")
                .isGreaterThan(1000);
        assertThat(chromium.complaints()).isEmpty();
    }

    @Test
    void copesWithARunOfWhichLittleIsKnown() throws IOException {
        open(Samples.emptyRun(), 1280, ColorScheme.LIGHT);
        assertThat(page.locator("main").innerText()).contains("No flow asked for a port.");
        assertThat(page.locator("canvas").count()).isZero();
        LoadReport unseen =
                Json.read(Json.line(Samples.loadReport()).replaceFirst("\"pool-ports\":50,", ""), LoadReport.class);
        open(unseen.run(), 1280, ColorScheme.LIGHT);
        assertThat(page.locator("#ports").count()).isZero();
        assertThat(series("granted", 1).subList(1, 3)).containsExactly(48.0, 40.0);
        assertThat(chromium.complaints()).isEmpty();
    }

    @Test
    void bothClocksStandOnOneChart() throws IOException {
        open(TwinReportTest.TWIN, 1280, ColorScheme.LIGHT);
        assertThat(series("twin", 0)).containsExactly(0.0, 60.0, 120.0);
        assertThat(series("twin", 1)).containsExactly(0.0, 500.0, 500.0);
        assertThat(series("twin", 2)).containsExactly(0.0, 500.0, 495.0);
        assertThat(series("twin", 3)).containsOnly(500.0);
        assertThat(page.locator("#twin figcaption").innerText()).contains("at most 8.0 % of the pool apart");
        assertThat(page.locator("#page").innerText()).contains("Two clocks").contains("3.8 %");
        assertThat(chromium.complaints()).isEmpty();
    }

    @Test
    void withoutScriptsItShowsTheText() throws IOException {
        Path file = Files.writeString(folder.resolve("plain.html"), RunPage.html(EVENING));
        page = chromium.open(file.toUri().toString(), new Browser.NewContextOptions().setJavaScriptEnabled(false));
        assertThat(page.locator("noscript").innerText()).contains("offered").contains("search_gave_up");
    }

    @Test
    void profilesStandSideBySide() throws IOException {
        ShootoutReport report = shootout();
        Path file = open(RunPage.html(report), 1280, ColorScheme.LIGHT);
        assertThat(series("refused", 1)).containsExactly(0.0, 84.5, 25.0);
        assertThat(series("refused", 2)).containsOnly(10.0);
        assertThat(series("peak-ports", 1)).containsExactly(7_642.0, 4_347.0, 7_128.0);
        assertThat(series("first-refusal", 1)).containsExactly(Double.NaN, 17.0, 80.25);
        assertThat(series("addresses", 1)).containsExactly(1.0, 4.0, Double.NaN);
        page.locator("#refused .u-over").hover();
        assertThat(page.locator("#refused .legend").innerText().replaceAll("\\s+", " "))
                .contains("refused 84.5 %")
                .contains("isp-cgn-pba-512");
        assertThat(page.locator("main").innerText())
                .contains("web-browsing through 3 profiles")
                .contains("1 of 3 refuse no more than 10 %.")
                .contains("no number")
                .contains("<b>bold</b>");
        assertThat(page.locator("#first-refusal .chart").getAttribute("aria-label"))
                .contains("aws-nat-gateway: –; isp-cgn-pba-512: 17");
        assertThat(chromium.complaints()).isEmpty();
        assertThat(chromium.requests()).containsExactly(file.toUri().toString());
    }

    @Test
    void profilesFitATelephoneAndPaper() throws IOException {
        open(RunPage.html(shootout()), 400, ColorScheme.DARK);
        assertThat((int) page.evaluate("document.documentElement.scrollWidth")).isLessThanOrEqualTo(400);
        assertThat(page.pdf(new Page.PdfOptions().setFormat("A4").setPrintBackground(true)))
                .hasSizeGreaterThan(10_000);
        assertThat(chromium.complaints()).isEmpty();
    }

    private static ShootoutReport shootout() {
        SortedMap<String, String> parameters = new TreeMap<>(Map.of(
                "workload",
                "web-browsing",
                "target-refusal",
                "0.1",
                "addresses",
                "1",
                "until",
                "30m",
                "seed",
                "<b>bold</b>"));
        return ShootoutReport.of(
                parameters,
                List.of(
                        new ShootoutReport.Row(
                                "aws-nat-gateway",
                                55_000,
                                100_000,
                                0,
                                Optional.empty(),
                                7_642,
                                OptionalDouble.empty(),
                                Optional.of(1)),
                        new ShootoutReport.Row(
                                "isp-cgn-pba-512",
                                64_512,
                                100_000,
                                0.845,
                                Optional.of("held"),
                                4_347,
                                OptionalDouble.of(17),
                                Optional.of(4)),
                        new ShootoutReport.Row(
                                "windows-2003-default",
                                3_976,
                                100_000,
                                0.25,
                                Optional.of("exhausted"),
                                7_128,
                                OptionalDouble.of(80.25),
                                Optional.empty())),
                new TreeMap<>(Map.of("cgnat", "0.1.0-SNAPSHOT")));
    }

    private Path open(SavedReport report, int width, ColorScheme scheme) throws IOException {
        return open(RunPage.html(report), width, scheme);
    }

    private Path open(String html, int width, ColorScheme scheme) throws IOException {
        Path file = Files.writeString(Files.createTempFile(folder, "run", ".html"), html);
        page = chromium.open(file.toUri().toString(), width, scheme);
        return file;
    }

    /** What a chart draws; {@code NaN} where it draws nothing. */
    private List<Double> series(String chart, int index) {
        List<?> values = (List<?>)
                page.evaluate("([id, index]) => document.getElementById(id).uplot.data[index]", List.of(chart, index));
        return values.stream()
                .map(value -> value == null ? Double.NaN : ((Number) value).doubleValue())
                .toList();
    }

    private static List<Double> values(RunReport report, ToDoubleFunction<RunReport.Sample> value) {
        return report.samples().stream().map(value::applyAsDouble).toList();
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }
}
