package dev.cgnat.proxy.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.cgnat.proxy.testing.Chromium;
import java.io.IOException;
import java.io.InputStream;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The filter of the dashboard, in a browser, beside that of the command. */
class FilterLanguageIT {
    private static Chromium chromium;
    private static Page page;

    @BeforeAll
    static void load() throws IOException {
        chromium = Chromium.launch();
        page = chromium.open("about:blank", 400, ColorScheme.LIGHT);
        try (InputStream module = FilterLanguageIT.class.getResourceAsStream("/dev/cgnat/proxy/web/filter.js")) {
            page.evaluate(
                    "source => import('data:text/javascript;base64,' + source).then(module => { window.filter = module; })",
                    Base64.getEncoder()
                            .encodeToString(Objects.requireNonNull(module).readAllBytes()));
        }
    }

    @AfterAll
    static void quit() {
        if (chromium != null) {
            chromium.close();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "state established and dst :443 olderthan 60s",
                "STATE half-closed",
                "src 10.0.0.0/8 AND dst *:443",
                "dst = [2001:db8::1]:443",
                "sport eq 1024 dport == :443",
                "external 127.0.1.1",
                "external 2001:db8::1",
                "external [2001:db8::1]:40000",
                "external :40000",
                "externalIp:127.0.1.0/24 port:40000",
                "subscriber and",
                "sub alice and pool main and listener socks",
                "subscriber:\"a and b\"",
                "subscriber \"a b\" idle 5m",
                "subscriber:10.0.0.5 state:established dst::443 idleFor:60s",
                "state",
                "dst =",
                "state established and",
                "and state established",
                "state established or dst :1",
                "not state established",
                "dport https",
                "port 1 port 2",
                "dst :1 dport 2",
                "state:",
                "rate 5",
                "constructor 5"
            })
    void meansTheSameToBoth(String words) {
        assertThat(page.evaluate(
                        "words => { try { return window.filter.parse(words); } catch (failure) { return { wrong: true }; } }",
                        words))
                .isEqualTo(parsed(words));
    }

    private static Map<String, ?> parsed(String words) {
        try {
            return SessionQuery.parse(List.of(words));
        } catch (ClientException e) {
            return Map.of("wrong", true);
        }
    }
}
