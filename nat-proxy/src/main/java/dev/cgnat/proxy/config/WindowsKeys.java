package dev.cgnat.proxy.config;

import dev.cgnat.core.address.PortRange;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The two values of the Windows registry by which Server 2003 is tuned, under their own names. */
final class WindowsKeys {
    static final String MAX_USER_PORT = "MaxUserPort";
    static final String TIMED_WAIT_DELAY = "TcpTimedWaitDelay";

    /** Profiles of hosts that read them. */
    private static final String PROFILES = "windows-2003-";

    private static final int FIRST_PORT = 1025;
    private static final int LEAST_MAX_USER_PORT = 5_000;
    private static final int GREATEST_MAX_USER_PORT = 65_534;
    private static final Duration LEAST_DELAY = Duration.ofSeconds(30);
    private static final Duration GREATEST_DELAY = Duration.ofMinutes(5);
    private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");

    private WindowsKeys() {}

    /** Reports where {@code pool} names one of them though its profile is another host's, or says the same twice. */
    static void check(Fields pool, String profile) {
        for (String key : List.of(MAX_USER_PORT, TIMED_WAIT_DELAY)) {
            if (pool.has(key) && !profile.startsWith(PROFILES)) {
                List<String> names = Profiles.NAMES.stream()
                        .filter(name -> name.startsWith(PROFILES))
                        .toList();
                String other = key.equals(MAX_USER_PORT) ? "ports" : "hold-down";
                pool.error(
                        pool.at(key),
                        key,
                        "not for profile " + profile + " (expected: " + other + ", or profile " + Words.or(names)
                                + ")");
            }
        }
        if (pool.has(MAX_USER_PORT) && pool.has("ports")) {
            pool.error(pool.at(MAX_USER_PORT), MAX_USER_PORT, "beside ports (expected: one of the two)");
        }
        if (pool.has(TIMED_WAIT_DELAY)
                && pool.find("hold-down")
                        .filter(ConfigNode.Scalar.class::isInstance)
                        .isPresent()) {
            pool.error(
                    pool.at(TIMED_WAIT_DELAY),
                    TIMED_WAIT_DELAY,
                    "beside a hold-down for every cause (expected: one of the two)");
        }
    }

    /** The ports from 1025 to {@code MaxUserPort}; empty without the key. */
    static Optional<List<PortRange>> ports(Fields pool) {
        return pool.read(MAX_USER_PORT, WindowsKeys::maxUserPort)
                .map(last -> List.of(new PortRange(FIRST_PORT, last.value())));
    }

    /** {@code TcpTimedWaitDelay}; empty without the key. */
    static Optional<Duration> timedWaitDelay(Fields pool) {
        return pool.read(TIMED_WAIT_DELAY, WindowsKeys::delay).map(Located::value);
    }

    private static int maxUserPort(String text) {
        Matcher matcher = SECONDS.matcher(text);
        if (!matcher.matches()
                || Integer.parseInt(text) < LEAST_MAX_USER_PORT
                || Integer.parseInt(text) > GREATEST_MAX_USER_PORT) {
            throw new IllegalArgumentException("(expected: 5000 to 65534)");
        }
        return Integer.parseInt(text);
    }

    /** The registry counts seconds, so a number without unit is right here and nowhere else. */
    private static Duration delay(String text) {
        String expected = "(expected: 30s to 300s; the registry's number of seconds will do)";
        Duration delay;
        try {
            delay = SECONDS.matcher(text).matches() ? Duration.ofSeconds(Long.parseLong(text)) : Leaves.duration(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(expected, e);
        }
        if (delay.compareTo(LEAST_DELAY) < 0 || delay.compareTo(GREATEST_DELAY) > 0) {
            throw new IllegalArgumentException(expected);
        }
        return delay;
    }
}
