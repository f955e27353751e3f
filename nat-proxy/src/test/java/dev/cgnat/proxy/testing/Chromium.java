package dev.cgnat.proxy.testing;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The system's own chromium, without a window, that notes what its pages complain of and whom they ask.
 *
 * <p><b>Ownership</b>: one thread.
 */
public final class Chromium implements AutoCloseable {
    private static final int HEIGHT = 1000;
    private static final Duration STARTS_WITHIN = Duration.ofMinutes(2);

    private final Playwright playwright;
    private final Browser browser;
    private final List<BrowserContext> contexts = new ArrayList<>();
    private final Queue<String> complaints = new ConcurrentLinkedQueue<>();
    private final Queue<String> requests = new ConcurrentLinkedQueue<>();

    private Chromium(Playwright playwright, Browser browser) {
        this.playwright = playwright;
        this.browser = browser;
    }

    /** Skips the test, or fails it, where there is none: {@link Tools#require(String)}. */
    public static Chromium launch() {
        Path program = Tools.require("chromium");
        Playwright playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        Browser browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(program)
                        .setTimeout((double) STARTS_WITHIN.toMillis())
                        .setArgs(List.of("--no-sandbox", "--disable-dev-shm-usage")));
        return new Chromium(playwright, browser);
    }

    /** A page of a user who was never here before. */
    public Page open(String url, int width, ColorScheme scheme) {
        return open(
                url,
                new Browser.NewContextOptions().setViewportSize(width, HEIGHT).setColorScheme(scheme));
    }

    public Page open(String url, Browser.NewContextOptions options) {
        BrowserContext context = browser.newContext(options);
        contexts.add(context);
        Page page = context.newPage();
        page.setDefaultTimeout((double) Wire.GUARD.toMillis());
        page.onConsoleMessage(message -> complaints.add(message.type() + ": " + message.text()));
        page.onPageError(complaints::add);
        page.onDialog(dialog -> {
            complaints.add("dialog: " + dialog.message());
            dialog.dismiss();
        });
        page.onRequest(request -> requests.add(request.url()));
        page.navigate(url);
        return page;
    }

    /** What the console of any page said, violations of a content security policy among it, since {@link #closePages}. */
    public List<String> complaints() {
        return List.copyOf(complaints);
    }

    /** What any page asked for since {@link #closePages}. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    /** Closes every page, and forgets what they said and asked. */
    public void closePages() {
        contexts.forEach(BrowserContext::close);
        contexts.clear();
        complaints.clear();
        requests.clear();
    }

    @Override
    public void close() {
        playwright.close();
    }
}
