package dev.cgnat.bench.size;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.bench.report.CeilingReport;
import dev.cgnat.core.CloseCause;
import dev.cgnat.core.Outcome;
import dev.cgnat.core.Outcome.Refused;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.proxy.config.ConfigException;
import dev.cgnat.proxy.config.ConfigLoader;
import dev.cgnat.proxy.config.Profile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What each profile comes to: the numbers of {@code natbench ceiling}, and what the NAT itself does when it is full. Where a
 * text differs, the one that was found is in {@code target/golden}.
 */
final class ProfileGoldenTest {
    private static final int DESTINATIONS = 3;
    private static final Path GOLDEN = Path.of("src/test/resources/dev/cgnat/bench/size/profiles");
    private static final Path FOUND = Path.of("target/golden");

    @ParameterizedTest
    @MethodSource("profiles")
    void numbersAndBehaviourAtFull(String profile) throws ConfigException, IOException {
        NatConfig config = ConfigLoader.loadProfile(profile).nat();
        PoolConfig pool = config.pools().get(0);
        CeilingReport report =
                CeilingReport.of(profile, List.of(Ceiling.of(pool, config.limits(), DESTINATIONS, Duration.ZERO)));
        String found = report.text() + "\nat full\n" + atFull(config);
        Path golden = GOLDEN.resolve(profile + ".txt");
        Files.createDirectories(FOUND);
        Files.writeString(FOUND.resolve(profile + ".txt"), found);
        assertThat(found).isEqualTo(Files.exists(golden) ? Files.readString(golden) : "");
    }

    private static Stream<String> profiles() {
        return ConfigLoader.profiles().stream().map(Profile::name);
    }

    private static String atFull(NatConfig config) {
        StringBuilder text = new StringBuilder();
        Brim one = new Brim(config);
        for (int destination = 0; destination < DESTINATIONS; destination++) {
            text.append(line("one subscriber", destination, one.fill(0, destination)));
        }
        Brim all = new Brim(config);
        for (int destination = 0; destination < DESTINATIONS; destination++) {
            text.append(line("all subscribers", destination, all.fillByAll(destination)));
        }
        Map<Duration, String> next = new HashMap<>(); // the hold-down is all that a cause decides
        for (CloseCause cause : CloseCause.values()) {
            Duration hold = cause.holdDown(config.pools().get(0).holdDown());
            String heard = next.computeIfAbsent(hold, rest -> after(config, cause, rest));
            text.append("  after ")
                    .append(cause.label())
                    .append(" of all: ")
                    .append(heard)
                    .append('\n');
        }
        return text.toString();
    }

    private static String line(String who, int destination, Brim.Fill fill) {
        return "  " + who + ", destination " + (destination + 1) + ": " + fill.text() + "\n";
    }

    /** What the first subscriber hears next, and when it is served. */
    private static String after(NatConfig config, CloseCause cause, Duration hold) {
        Brim brim = new Brim(config);
        brim.fill(0, 0);
        brim.closeAll(cause);
        Outcome next = brim.ask(0, 0, 0);
        if (!(next instanceof Refused refused)) {
            return "granted";
        }
        String until = refused.reason().label();
        long at = refused.notBeforeNanos();
        if (at == Refused.NEVER) {
            at = hold.toNanos();
        }
        String then =
                brim.ask(0, 0, at) instanceof Refused still ? still.reason().label() : "granted";
        return until + String.format(Locale.ROOT, ", after %.3f s ", at / 1e9) + then;
    }
}
