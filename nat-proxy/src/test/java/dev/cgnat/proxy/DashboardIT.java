package dev.cgnat.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.Position;
import dev.cgnat.core.Refusal;
import dev.cgnat.proxy.diagnose.Verdict;
import dev.cgnat.proxy.metrics.OpenResult;
import dev.cgnat.proxy.testing.Api;
import dev.cgnat.proxy.testing.Chromium;
import dev.cgnat.proxy.testing.Sink;
import dev.cgnat.proxy.testing.SocksClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged proxy's dashboard in a real browser, under load. Shots of the page are kept under {@code target/dashboard}. */
@SuppressWarnings("NullAway.Init") // each test starts what it needs
final class DashboardIT {
    private static final Path SHOTS = Path.of(System.getProperty("cgnat.module-directory", "."), "target", "dashboard");
    private static final String HEAVY = "127.20.31.1";
    private static final String CONFIG = """
            listeners:
              - { name: socks, type: socks, bind: "127.0.0.1:0", pool: main }
            pools:
              - name: main
                addresses: [127.0.17.1-127.0.17.6]
                ports: [20000-20799]
                blocks: { size: 20, max-per-subscriber: 2 }
                hold-down: 8s
            """;
    private static final int BLOCK = 20;
    private static final int PAGE = 50;
    private static final Duration GUARD = Duration.ofMinutes(2);

    private static Chromium chromium;

    @TempDir
    private Path directory;

    private RunningJar jar;
    private Api api;
    private Traffic traffic;

    @BeforeAll
    static void launch() {
        chromium = Chromium.launch();
        PlaywrightAssertions.setDefaultAssertionTimeout((double) GUARD.toMillis());
    }

    @AfterAll
    static void quit() {
        if (chromium != null) {
            chromium.close();
        }
    }

    private void start() throws IOException {
        start("{ bind: \"127.0.0.1:0\" }");
    }

    private void start(String admin) throws IOException {
        Path config = Files.writeString(directory.resolve("nat.yaml"), CONFIG + "admin: " + admin + "\n");
        jar = RunningJar.start("run", "-c", config.toString());
        api = new Api(jar.adminAddress());
        traffic = new Traffic(jar.socksAddress());
    }

    @AfterEach
    void end() throws IOException {
        chromium.closePages();
        if (traffic != null) {
            traffic.close();
        }
        if (jar != null) {
            jar.close();
        }
    }

    @Test
    void panelsMoveWhileTrafficFlows() throws IOException {
        start();
        Page page = open("", 1440, ColorScheme.LIGHT);
        PlaywrightAssertions.assertThat(page.locator("#state")).hasText("ready");
        page.waitForFunction("() => document.querySelector('#ports').uplot.data[0].length >= 8");
        page.waitForFunction("() => document.querySelector('#opened').uplot.data[1].some(value => value > 0)");
        page.waitForFunction("() => document.querySelector('#connect').uplot.data[3].some(value => value > 0)");
        int seen = ((Number) page.evaluate("document.querySelector('#ports').uplot.data[0].length")).intValue();
        page.waitForFunction("seen => document.querySelector('#ports').uplot.data[0].length > seen", seen);
        int capacity = api.get("/pools/main").get("capacity").get("ports").asInt();
        assertThat(page.evaluate("Math.max(...document.querySelector('#ports').uplot.data[4]) || 0"))
                .as("capacity where it is drawn")
                .isIn(capacity, 0);
        assertThat(page.locator("#utilization-more").innerText()).contains("of " + "%,d".formatted(capacity));
        assertThat(page.locator("#state-more").innerText())
                .containsPattern("\\d % of the ports not free · [1-9]\\d* refused");

        PlaywrightAssertions.assertThat(page.locator("#reasons .reason").first())
                .containsText("Block limit");
        PlaywrightAssertions.assertThat(page.locator("#reasons")).containsText("More or larger blocks per subscriber");
        PlaywrightAssertions.assertThat(page.locator("#reasons")).containsText("Connection refused");
        PlaywrightAssertions.assertThat(page.locator("#addresses .address")).hasCount(6);
        PlaywrightAssertions.assertThat(page.locator("#top .rank")).hasCount(10);
        PlaywrightAssertions.assertThat(page.locator("#top .rank").first()).containsText(HEAVY);
        PlaywrightAssertions.assertThat(page.locator("#destinations .rank")).hasCount(Traffic.SERVERS);
        page.locator("#to").selectOption("new");
        PlaywrightAssertions.assertThat(page.locator("#destinations"))
                .containsText("127.0.0.2:" + traffic.nobody.getPort());
        assertThat(page.url()).endsWith("#to=new");
        PlaywrightAssertions.assertThat(page.locator("#events .feed")).containsText("Block lent");

        PlaywrightAssertions.assertThat(page.locator("#diagnosis")).containsText("blocks run out");
        PlaywrightAssertions.assertThat(page.locator("#forecast"))
                .hasText(Pattern.compile("use does not grow|none is left for some flows|full in .* at this pace"));

        assertThat(page.locator("body").innerText()).doesNotContain("NaN").doesNotContain("undefined");

        assertThatABlockTellsItsOwner(page);
        page.mouse().move(5, 5);

        shot(page, "light");
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        shot(page, "dark");
        assertThat(traffic.failures).isEmpty();
        assertThatItMindsItsOwnBusiness();
    }

    private static void assertThatABlockTellsItsOwner(Page page) {
        page.waitForFunction(
                "() => /[1-9]\\d* of 40 /.test(document.querySelector('#addresses canvas').getAttribute('aria-label'))");
        Locator blocks = page.locator("#addresses canvas").first();
        Locator tip = page.locator("#tip");
        blocks.focus();
        do {
            page.keyboard().press("ArrowRight");
        } while (tip.innerText().matches("127\\.0\\.17\\.1\\sblock ([1-9]|[123]\\d) of 40: free"));
        String owner = tip.innerText();
        assertThat(owner)
                .containsPattern("127\\.20\\.31\\.\\d+\\s127\\.0\\.17\\.1, ports 20\\d{3}-20\\d{3}")
                .containsPattern("\\d+ live, \\d+ resting of 20 \\([\\d.]+ %\\)\\slent .* ago");
        page.keyboard().press("Escape");
        PlaywrightAssertions.assertThat(tip).isHidden();
        int first = Integer.parseInt(owner.replaceFirst("(?s).*ports 20(\\d{3})-.*", "$1")) / BLOCK;
        double cell = blocks.boundingBox().width * BLOCK / 800;
        blocks.hover(new Locator.HoverOptions().setPosition(new Position((first + 0.5) * cell, 6)));
        PlaywrightAssertions.assertThat(tip)
                .containsText(owner.lines().findFirst().orElseThrow());
    }

    @Test
    void everyReasonOfAFailureHasItsCauseAndRemedy() throws IOException {
        start();
        Page page = open("", 1280, ColorScheme.LIGHT);
        assertThat(labels(page, "REFUSALS"))
                .containsExactlyInAnyOrderElementsOf(
                        Stream.of(Refusal.values()).map(Refusal::label).toList());
        Set<OpenResult> toldOtherwise = EnumSet.of(OpenResult.ESTABLISHED, OpenResult.NO_PORT, OpenResult.DENIED);
        assertThat(labels(page, "OUTCOMES"))
                .containsExactlyInAnyOrderElementsOf(Stream.of(OpenResult.values())
                        .filter(result -> !toldOtherwise.contains(result))
                        .map(OpenResult::label)
                        .toList());
        assertThat(labels(page, "VERDICTS"))
                .containsExactlyInAnyOrderElementsOf(Stream.of(Verdict.values())
                        .filter(verdict -> verdict != Verdict.NONE)
                        .map(Verdict::label)
                        .toList());
    }

    private static List<String> labels(Page page, String words) {
        List<?> labels = (List<?>)
                page.evaluate("name => import('./assets/words.js').then(words => Object.keys(words[name]))", words);
        return labels.stream().map(String::valueOf).toList();
    }

    @Test
    void sessionsAreFilteredSortedPagedAndSaved() throws IOException {
        start();
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
        page.keyboard().type("subscriber " + HEAVY + " and state established");
        PlaywrightAssertions.assertThat(page.locator("#total")).hasText(Integer.toString(Traffic.HELD_BY_HEAVY));
        assertThat(rows.allInnerTexts())
                .hasSize(Traffic.HELD_BY_HEAVY)
                .allSatisfy(row -> assertThat(row).contains(HEAVY));
        assertThat(page.url()).contains("filter=subscriber+" + HEAVY + "+and+state+established");
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
                .hasValue(Pattern.compile("subscriber 127\\.20\\.31\\.\\d+"));
        page.locator("#destinations .rank .link").first().click();
        PlaywrightAssertions.assertThat(page.locator("#filter"))
                .hasValue(Pattern.compile("dst 127\\.0\\.0\\.\\d:\\d+"));
        PlaywrightAssertions.assertThat(page.locator("#page")).containsText("page 1, 1 to 50");
        assertThatItMindsItsOwnBusiness();

        page.locator("#filter").fill("colour:red");
        PlaywrightAssertions.assertThat(page.locator("#filter-problem"))
                .containsText("colour:red (expected: state S[,S], src A, ");
        page.locator("#filter").fill("src x");
        PlaywrightAssertions.assertThat(page.locator("#filter-problem")).containsText("src: x (expected: ");
    }

    @Test
    void sessionsAreKilledAndAddressesDrainedOnceConfirmed() throws IOException {
        start();
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
                .until(() ->
                        api.get("/sessions?subscriber=" + HEAVY).get("items").isEmpty());

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
    void pausesHelpsAndFitsATelephone() throws IOException {
        start();
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
        long granted = granted();
        await().atMost(GUARD).until(() -> granted() > granted + 3 * Traffic.PER_SECOND);
        assertThat(page.evaluate("document.querySelector('#ports').uplot.data[0].length"))
                .isEqualTo(seen);
        page.keyboard().press("p");
        page.waitForFunction("seen => document.querySelector('#ports').uplot.data[0].length > seen", seen);
        page.keyboard().press("?");
        PlaywrightAssertions.assertThat(page.locator("dialog")).containsText("olderthan TIME, idlefor TIME");
        assertThatItMindsItsOwnBusiness();
    }

    @Test
    void tokenIsAskedForAndWritesAreOffWhereTheApiIsReadOnly() throws Exception {
        String token = "0123456789abcdef-token";
        Path file = Files.createFile(
                directory.resolve("token"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, token);
        start("{ bind: \"127.0.0.1:0\", token-file: \"" + file + "\", read-only: true }");
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
        start();
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

    private long granted() {
        return api.get("/pools/main").get("granted").asLong();
    }

    private String base() {
        return "http://127.0.0.1:" + jar.adminAddress().getPort();
    }

    private Page open(String hash, int width, ColorScheme scheme) {
        return chromium.open(base() + "/" + hash, width, scheme);
    }

    /** No error and no violation of the policy, both of which go to the console; nobody else is asked. */
    private void assertThatItMindsItsOwnBusiness() {
        assertThat(chromium.complaints()).isEmpty();
        assertThat(chromium.requests())
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

    /** Flows that stay, one subscriber with as many as its blocks have, and short ones by several clients, some of which fail. */
    private static final class Traffic implements AutoCloseable {
        static final int HELD_BY_HEAVY = 2 * BLOCK;
        static final int PER_SECOND = 200;
        static final int SERVERS = 3;
        private static final int SUBSCRIBERS = 100;
        private static final int CLIENTS = 4;

        private final InetSocketAddress socks;
        private final Sink sink = Sink.start(Sink.echoing(), "127.0.0.2", "127.0.0.3", "127.0.0.4");
        private final InetSocketAddress nobody;
        private final List<SocksClient> held = new ArrayList<>();
        private final ScheduledExecutorService clients = Executors.newScheduledThreadPool(CLIENTS);
        private final AtomicInteger turns = new AtomicInteger();
        private final Queue<IOException> failures = new ConcurrentLinkedQueue<>();

        Traffic(InetSocketAddress socks) throws IOException {
            this.socks = socks;
            try (ServerSocket closed = new ServerSocket(0)) {
                nobody = new InetSocketAddress("127.0.0.2", closed.getLocalPort());
            }
            for (int i = 0; i < HELD_BY_HEAVY; i++) {
                hold(HEAVY, sink.address());
            }
            for (int i = 2; i <= SUBSCRIBERS; i++) {
                for (int flows = 0; flows < 2 + 10 / i; flows++) {
                    hold("127.20.31." + i, server(i + flows));
                }
            }
            for (int i = 0; i < CLIENTS; i++) {
                clients.scheduleAtFixedRate(this::pass, 0, 1000 * CLIENTS / PER_SECOND, TimeUnit.MILLISECONDS);
            }
        }

        private void hold(String subscriber, InetSocketAddress server) throws IOException {
            SocksClient client = SocksClient.connectFrom(subscriber, socks, server);
            held.add(client);
            assertThat(client.isGranted()).isTrue();
            client.wire().send("x".repeat(200));
        }

        private InetSocketAddress server(int turn) {
            return sink.addresses().get(turn % SERVERS);
        }

        private void pass() {
            int turn = turns.incrementAndGet();
            boolean isHeavy = turn % 10 == 0; // who has all that it may have towards the first server
            String subscriber = isHeavy ? HEAVY : "127.20.31." + (2 + turn % (SUBSCRIBERS - 1));
            InetSocketAddress server = isHeavy ? sink.address() : turn % 15 == 0 ? nobody : server(turn);
            try (SocksClient client = SocksClient.connectFrom(subscriber, socks, server)) {
                if (client.isGranted()) {
                    client.wire().send("y".repeat(2000)).read(2000);
                }
            } catch (IOException e) {
                failures.add(e); // or a kill that hit this flow
            }
        }

        @Override
        public void close() throws IOException {
            clients.shutdownNow();
            try {
                assertThat(clients.awaitTermination(GUARD.toSeconds(), TimeUnit.SECONDS))
                        .isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            for (SocksClient client : held) {
                client.close();
            }
            sink.close();
        }
    }
}
