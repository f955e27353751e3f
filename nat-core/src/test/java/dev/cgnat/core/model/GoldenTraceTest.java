package dev.cgnat.core.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Properties;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Same seed, same events, on every JDK: a hash of them all for each family.
 *
 * <p>A change of what is drawn, or in which order, changes the hashes; the failure shows the new one.
 */
class GoldenTraceTest {
    private static final int SEEDS = 20;
    private static final int STEPS = 1_000;

    @ParameterizedTest
    @EnumSource
    void sameSeedGivesTheSameEventsOnEveryJdk(Family family) throws IOException {
        Properties golden = new Properties();
        try (InputStream file = Objects.requireNonNull(getClass().getResourceAsStream("traces.properties"))) {
            golden.load(file);
        }
        assertThat(hash(family)).isEqualTo(golden.getProperty(family.name()));
    }

    private static String hash(Family family) {
        MessageDigest digest = sha256();
        for (long seed = 1; seed <= SEEDS; seed++) {
            new OperationRun(family, seed, event -> digest.update((event + "\n").getBytes(UTF_8))).steps(STEPS);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has it", e);
        }
    }
}
