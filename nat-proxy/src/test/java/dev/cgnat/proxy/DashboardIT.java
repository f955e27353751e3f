package dev.cgnat.proxy;

import static dev.cgnat.proxy.testing.Proxies.pool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.Position;
import dev.cgnat.core.config.BlockGrowth;
import dev.cgnat.core.config.HoldDownConfig;
import dev.cgnat.core.config.PortBlockConfig;
import dev.cgnat.proxy.config.AdminConfig;
import dev.cgnat.proxy.config.AdminToken;
import dev.cgnat.proxy.testing.Proxies;
import dev.cgnat.proxy.testing.Rig;
import dev.cgnat.proxy.testing.Sink;
import dev.cgnat.proxy.testing.SocksClient;
import dev.cgnat.proxy.testing.Tools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The dashboard in a real browser, of a proxy that carries traffic. Shots of the page are kept under {@code target/dashboard}. */
final class DashboardIT {
    private static final Path SHOTS = Path.of(System.getProperty("cgnat.module-directory", "."), "target", "dashboard");
    private static final String HEAVY = "127.20.31.1";
    private static final int SUBSCRIBERS = 16;
    private static final int BLOCK = 20;
    private static final int PAGE = 50;
    private static final Duration GUARD = Duration.ofSeconds(30);

    private static Playwright playwright;
    private static Browser browser;

    private final Queue<String> complaints = new ConcurrentLinkedQueue<>();
    private final Queue<String> requests = new ConcurrentLinkedQueue<>();
    private final List<BrowserContext> contexts = new ArrayList<>();
    private Rig rig;
    private Traffic traffic;

    @BeforeAll
    static void launch() {
        Path chromium = Tools.require("chromium");
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(chromium)
                        .setArgs(List.of("--no-sandbox", "--disable-dev-shm-usage")));
        PlaywrightAssertions.setDefaultAssertionTimeout((double) GUARD.toMillis());
    }

    @AfterAll
    static void quit() {
        if (playwright != null) {
            playwright.close();
        }
    }

    @BeforeEach
    void start() throws Exception {
        start(admin -> admin);
    }

    private void start(UnaryOperator<AdminConfig> admin) throws Exception {
        rig = Rig.start(Proxies.with(pool("127.0.17.1", "127.0.17.6", 20_000, 20_799)
                        .withHoldDown(HoldDownConfig.same(Duration.ofSeconds(8)))
                        .withBlocks(new PortBlockConfig(BLOCK, 2, BlockGrowth.ONE)))
                .admin(admin));
        traffic = new Traffic(rig);
    }

    @AfterEach
    void end() throws IOException {
        contexts.forEach(BrowserContext::close);
        if (traffic != null) {
            traffic.close();
        }
        if (rig != null) {
            rig.close();
        }
    }

    @Test
    void panelsMoveWhileTrafficFlows() {
        Page page = open("", 1440, ColorScheme.LIGHT);
        PlaywrightAssertions.assertThat(page.locator("#state")).hasText("ready");
        page.waitForFunction("() => document.querySelector('#ports').uplot.data[0].length >= 8");
        page.waitForFunction("() => document.querySelector('#opened').uplot.data[1].some(value => value > 0)");
        page.waitForFunction("() => document.querySelector('#connect').uplot.data[3].some(value => value > 0)");
        int seen = ((Number) page.evaluate("document.querySelector('#ports').uplot.data[0].length")).intValue();
        page.waitForFunction("seen => document.querySelector('#ports').uplot.data[0].length > seen", seen);
        long capacity = rig.pairs().capacity();
        assertThat(page.evaluate("Math.max(...document.querySelector('#ports').uplot.data[4]) || 0"))
                .as("capacity where it is drawn")
                .isIn((int) capacity, 0);
        assertThat(page.locator("#utilization-more").innerText()).contains("of " + "%,d".formatted(capacity));

        PlaywrightAssertions.assertThat(page.locator("#reasons .reason").first())
                .containsText("Block limit");
        PlaywrightAssertions.assertThat(page.locator("#reasons")).containsText("More or larger blocks per subscriber");
        PlaywrightAssertions.assertThat(page.locator("#reasons")).containsText("Connection refused");
        PlaywrightAssertions.assertThat(page.locator("#addresses .address")).hasCount(6);
        PlaywrightAssertions.assertThat(page.locator("#top .rank")).hasCount(10);
        PlaywrightAssertions.assertThat(page.locator("#top .rank").first()).containsText(HEAVY);
        PlaywrightAssertions.assertThat(page.locator("#events .feed")).containsText("Block lent");

        PlaywrightAssertions.assertThat(page.locator("#diagnosis")).containsText("blocks run out");
        PlaywrightAssertions.assertThat(page.locator("#forecast"))
                .hasText(Pattern.compile("use does not grow|none is left for some flows|full in .* at this pace"));

        assertThat(page.locator("body").innerText()).doesNotContain("NaN").doesNotContain("undefined");

        Locator blocks = page.locator("#addresses canvas").first();
        page.waitForFunction(
                "() => document.querySelector('#addresses canvas').getAttribute('aria-label').includes(' of 40 ')");
        blocks.scrollIntoViewIfNeeded();
        blocks.hover(new Locator.HoverOptions().setPosition(new Position(5, 6)));
        PlaywrightAssertions.assertThat(page.locator("#tip")).containsText(Pattern.compile("127\\.0\\.17\\.\\d"));
        page.mouse().move(5, 5);

        shot(page, "light");
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        shot(page, "dark");
        assertThatItMindsItsOwnBusiness();
    }

    @Test
    void sessionsAreFilteredSortedPagedAndSaved() throws IOException {
        Page page = open("#sort=-bytesOut", 1280, ColorScheme.LIGHT);
        Locator rows = page.locator("#sessions tbody tr[data-id]");
        PlaywrightAssertions.assertThat(rows).hasCount(PAGE);
        PlaywrightAssertions.assertThat(page.locator("th[aria-sort=descending]"))
                .containsText("out");
        page.locator("[data-sort=id]").click(); // descending first
        page.locator("[data-sort=id]").click();
        PlaywrightAssertions.assertThat(page.locator("th[aria-sort=ascending]")).containsText("id");
        page.locator("#next").click();
        PlaywrightAssertions.assertThat(page.locator("#page")).containsText("page 2, 51 to 100");
        page.locator("#previous").click();
        PlaywrightAssertions.assertThat(page.locator("#page")).containsText("page 1, 1 to 50");

        page.keyboard().press("/");
        PlaywrightAssertions.assertThat(page.locator("#filter")).isFocused();
        page.keyboard().type("subscriber:" + HEAVY + " state:established");
        PlaywrightAssertions.assertThat(page.locator("#total")).hasText(Integer.toString(Traffic.HELD_BY_HEAVY));
        assertThat(rows.allInnerTexts())
                .hasSize(Traffic.HELD_BY_HEAVY)
                .allSatisfy(row -> assertThat(row).contains(HEAVY));
        assertThat(page.url()).contains("filter=subscriber%3A" + HEAVY);
        Page again = open(page.url().substring(page.url().indexOf('#')), 1280, ColorScheme.LIGHT);
        PlaywrightAssertions.assertThat(again.locator("#total")).hasText(Integer.toString(Traffic.HELD_BY_HEAVY));

        Download download = page.waitForDownload(() -> page.locator("#csv").click());
        List<String> lines = Files.readAllLines(download.path());
        assertThat(lines.get(0)).startsWith("id,pool,listener,subscriber,internal,external,destination,state,");
        assertThat(lines.subList(1, lines.size()))
                .hasSize(Traffic.HELD_BY_HEAVY)
                .allSatisfy(line -> assertThat(line).contains("," + HEAVY + ",").contains(",established,"));

        page.locator("#sessions tbody .link").first().click();
        PlaywrightAssertions.assertThat(page.locator("dialog")).containsText("blocksOfSubscriber");
        page.keyboard().press("Escape");
        page.locator("#top .rank .link").nth(1).click();
        PlaywrightAssertions.assertThat(page.locator("#filter"))
                .hasValue(Pattern.compile("subscriber:127\\.20\\.31\\.\\d+"));
        assertThatItMindsItsOwnBusiness();

        page.locator("#filter").fill("colour:red");
        PlaywrightAssertions.assertThat(page.locator("#filter-problem"))
                .containsText("colour:red (expected: subscriber:…");
        page.locator("#filter").fill("src:x");
        PlaywrightAssertions.assertThat(page.locator("#filter-problem")).containsText("src: x (expected: ");
    }

    @Test
    void sessionsAreKilledAndAddressesDrainedOnceConfirmed() {
        Page page = open("#filter=subscriber:" + HEAVY, 1280, ColorScheme.DARK);
        PlaywrightAssertions.assertThat(page.locator("#total")).hasText(Integer.toString(Traffic.HELD_BY_HEAVY));
        String id = page.locator("#sessions tbody tr").first().getAttribute("data-id");
        page.locator("[data-kill='" + id + "']").click();
        page.locator("dialog button", new Page.LocatorOptions().setHasText("Cancel"))
                .click();
        PlaywrightAssertions.assertThat(page.locator("#total")).hasText(Integer.toString(Traffic.HELD_BY_HEAVY));
        page.locator("[data-kill='" + id + "']").click();
        page.locator("dialog button.danger").click();
        PlaywrightAssertions.assertThat(page.locator("#total")).hasText(Integer.toString(Traffic.HELD_BY_HEAVY - 1));
        PlaywrightAssertions.assertThat(page.locator("[data-id='" + id + "']")).hasCount(0);

        page.locator("#kill").click();
        PlaywrightAssertions.assertThat(page.locator("dialog h2"))
                .hasText("Kill " + (Traffic.HELD_BY_HEAVY - 1) + " sessions?");
        page.locator("dialog button.danger").click();
        PlaywrightAssertions.assertThat(page.locator("#total")).hasText("0");
        await().atMost(GUARD)
                .until(() -> rig.api()
                        .get("/sessions?subscriber=" + HEAVY)
                        .get("items")
                        .isEmpty());

        page.locator("h1, .brand").first().click();
        page.keyboard().press("d");
        page.locator("dialog select").selectOption("address:127.0.17.1");
        page.locator("dialog input").fill("10m");
        page.locator("dialog button.danger").click();
        PlaywrightAssertions.assertThat(page.locator("#drains")).containsText("address:127.0.17.1");
        PlaywrightAssertions.assertThat(page.locator("#addresses .tag").first())
                .hasText(Pattern.compile("draining|disabled"));
        PlaywrightAssertions.assertThat(page.locator("#events .feed")).containsText("Drain address:127.0.17.1");
        page.locator("#drains button").click();
        PlaywrightAssertions.assertThat(page.locator("#drains")).isHidden();
        PlaywrightAssertions.assertThat(page.locator("#addresses .tag").first()).isEmpty();
        assertThatItMindsItsOwnBusiness();
    }

    @Test
    void pausesHelpsAndFitsATelephone() {
        Page page = open("", 400, ColorScheme.DARK);
        page.waitForFunction("() => document.querySelector('#ports').uplot.data[0].length >= 3");
        PlaywrightAssertions.assertThat(page.locator("#top .rank")).hasCount(10);
        PlaywrightAssertions.assertThat(page.locator("#sessions tbody tr[data-id]"))
                .hasCount(PAGE);
        assertThat((int) page.evaluate("document.documentElement.scrollWidth")).isLessThanOrEqualTo(400);
        shot(page, "telephone");
        page.keyboard().press("p");
        PlaywrightAssertions.assertThat(page.locator("#state")).containsText("paused");
        int seen = ((Number) page.evaluate("document.querySelector('#ports').uplot.data[0].length")).intValue();
        long granted = rig.pool().granted();
        await().atMost(GUARD).until(() -> rig.pool().granted() > granted + 3 * Traffic.PER_SECOND);
        assertThat(page.evaluate("document.querySelector('#ports').uplot.data[0].length"))
                .isEqualTo(seen);
        page.keyboard().press("p");
        page.waitForFunction("seen => document.querySelector('#ports').uplot.data[0].length > seen", seen);
        page.keyboard().press("?");
        PlaywrightAssertions.assertThat(page.locator("dialog")).containsText("externalIp:… port:…");
        assertThatItMindsItsOwnBusiness();
    }

    @Test
    void tokenIsAskedForAndWritesAreOffWhereTheApiIsReadOnly() throws Exception {
        end();
        String token = "0123456789abcdef-token";
        start(admin -> admin.withToken(new AdminToken(token)).withReadOnly());
        Page page = open("", 1280, ColorScheme.LIGHT);
        page.locator("dialog input").fill("wrong");
        page.keyboard().press("Enter");
        PlaywrightAssertions.assertThat(page.locator("dialog")).containsText("does not accept this token");
        page.locator("dialog input").fill(token);
        page.keyboard().press("Enter");
        PlaywrightAssertions.assertThat(page.locator("#state")).hasText("ready");
        page.waitForFunction("() => document.querySelector('#ports').uplot.data[0].length >= 2");
        PlaywrightAssertions.assertThat(page.locator("#drain")).isDisabled();
        PlaywrightAssertions.assertThat(page.locator("[data-kill]").first()).isDisabled();
        assertThat((String) page.evaluate("document.cookie + JSON.stringify(localStorage)"))
                .isEqualTo("{}");
    }

    @Test
    void filesAreGuardedAndKept() throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base() + "/"));
        HttpResponse<String> page = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("content-security-policy").orElse(""))
                .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'")
                .doesNotContain("unsafe");
        assertThat(page.headers().firstValue("x-content-type-options")).hasValue("nosniff");
        assertThat(page.body()).doesNotContain(" style=").doesNotContain(" on").doesNotContain("http");
        HttpResponse<String> kept = client.send(
                request.header(
                                "If-None-Match",
                                page.headers().firstValue("etag").orElseThrow())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(kept.statusCode()).isEqualTo(304);
        assertThat(kept.body()).isEmpty();
    }

    private String base() {
        return "http://127.0.0.1:" + rig.proxy().adminAddress().getPort();
    }

    private Page open(String hash, int width, ColorScheme scheme) {
        BrowserContext context = browser.newContext(
                new Browser.NewContextOptions().setViewportSize(width, 1000).setColorScheme(scheme));
        contexts.add(context);
        Page page = context.newPage();
        page.setDefaultTimeout((double) GUARD.toMillis());
        page.onConsoleMessage(message -> complaints.add(message.type() + ": " + message.text()));
        page.onPageError(complaints::add);
        page.onRequest(request -> requests.add(request.url()));
        page.navigate(base() + "/" + hash);
        return page;
    }

    /** No error and no violation of the policy, both of which go to the console; nobody else is asked. */
    private void assertThatItMindsItsOwnBusiness() {
        assertThat(complaints).isEmpty();
        assertThat(requests)
                .isNotEmpty()
                .allSatisfy(url -> assertThat(url)
                        .satisfiesAnyOf(
                                one -> assertThat(one).startsWith(base() + "/"),
                                one -> assertThat(one).startsWith("blob:" + base() + "/"),
                                one -> assertThat(one).isEqualTo("data:,")));
    }

    private static void shot(Page page, String name) {
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(SHOTS.resolve(name + ".png"))
                .setFullPage(true));
    }

    /** Flows that stay, one subscriber with as many as its blocks have, and short ones, some of which fail. */
    private static final class Traffic implements AutoCloseable {
        static final int HELD_BY_HEAVY = 2 * BLOCK;
        static final int PER_SECOND = 40;

        private final Rig rig;
        private final Sink sink;
        private final InetSocketAddress nobody;
        private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        private int turn;

        Traffic(Rig rig) throws IOException {
            this.rig = rig;
            sink = rig.sink(Sink.echoing(), "127.0.0.2");
            try (ServerSocket closed = new ServerSocket(0)) {
                nobody = new InetSocketAddress("127.0.0.2", closed.getLocalPort());
            }
            for (int i = 0; i < HELD_BY_HEAVY; i++) {
                hold(HEAVY);
            }
            for (int i = 2; i <= SUBSCRIBERS; i++) {
                for (int flows = 0; flows < 40 / i; flows++) {
                    hold("127.20.31." + i);
                }
            }
            timer.scheduleAtFixedRate(this::pass, 0, 1000 / PER_SECOND, TimeUnit.MILLISECONDS);
        }

        private void hold(String subscriber) throws IOException {
            SocksClient client = rig.socksFrom(subscriber, sink.address());
            assertThat(client.isGranted()).isTrue();
            client.wire().send("x".repeat(200));
        }

        private void pass() {
            turn++;
            String subscriber = turn % 10 == 0 ? HEAVY : "127.20.31." + (2 + turn % (SUBSCRIBERS - 1));
            InetSocketAddress to = turn % 15 == 0 ? nobody : sink.address();
            try (SocksClient client =
                    SocksClient.connectFrom(subscriber, rig.proxy().address(Proxies.SOCKS), to)) {
                if (client.isGranted()) {
                    client.wire().send("y".repeat(2000)).read(2000);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            timer.shutdownNow();
            try {
                timer.awaitTermination(GUARD.toSeconds(), TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
