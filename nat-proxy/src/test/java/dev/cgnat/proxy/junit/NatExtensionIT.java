package dev.cgnat.proxy.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

/** What JUnit makes of {@link NatTest}. */
class NatExtensionIT {
    private static final List<NatLab> SEEN = new CopyOnWriteArrayList<>();

    @BeforeEach
    void forget() {
        SEEN.clear();
    }

    @Test
    void everyClassHasANatOfItsOwnWhichEndsWithIt() {
        run(First.class, Second.class).testEvents().assertStatistics(counts -> counts.succeeded(4));
        assertThat(SEEN).hasSize(5);
        assertThat(SEEN.subList(0, 4)).containsOnly(SEEN.get(0));
        assertThat(SEEN.get(4)).isNotSameAs(SEEN.get(0));
        assertThat(SEEN)
                .allSatisfy(lab -> assertThat(isListening(lab.socksAddress())).isFalse());
    }

    @NatTest(profile = "linux-default")
    static class First {
        First(NatLab nat) {
            assertThat(isListening(nat.httpAddress())).isTrue();
        }

        @BeforeAll
        static void before(NatLab nat) {
            SEEN.add(nat);
        }

        @Test
        void one(NatLab nat) {
            SEEN.add(nat);
        }

        @Test
        void two(NatLab nat) {
            SEEN.add(nat);
        }

        @Nested
        class Inside {
            @Test
            void three(NatLab nat) {
                SEEN.add(nat);
            }
        }
    }

    @NatTest(profile = "windows-2003-default")
    static class Second {
        @Test
        void four(NatLab nat) {
            SEEN.add(nat);
            assertThat(nat.natProxy().config().profile()).isEqualTo("windows-2003-default");
        }
    }

    @Test
    void everyMistakeOfTheConfigurationIsTold() {
        assertThat(failureOf(Mistaken.class))
                .isInstanceOf(ExtensionConfigurationException.class)
                .hasMessageStartingWith("@NatTest of " + Mistaken.class.getName() + ": ")
                .hasMessageContaining("overrides pools.0.ports=[80-70]")
                .hasMessageContaining("overrides pools.0.poool=x")
                .hasMessageContaining("pools[0].poool: unknown key");
        assertThat(failureOf(Absent.class)).hasMessageContaining("config: classpath:absent.yaml (expected: ");
        assertThat(failureOf(Unknown.class)).hasMessageContaining("gcp-cloud-nat-statik");
    }

    @NatTest(overrides = {"pools.0.ports=[80-70]", "pools.0.poool=x"})
    static class Mistaken {
        @Test
        void neverRuns() {}
    }

    @NatTest(config = "classpath:absent.yaml")
    static class Absent {
        @Test
        void neverRuns() {}
    }

    @NatTest(profile = "gcp-cloud-nat-statik")
    static class Unknown {
        @Test
        void neverRuns() {}
    }

    private static EngineExecutionResults run(Class<?>... classes) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(Stream.of(classes).map(type -> selectClass(type)).toArray(DiscoverySelector[]::new))
                .execute();
    }

    private static Throwable failureOf(Class<?> type) {
        return run(type).containerEvents().failed().stream()
                .map(event -> event.getPayload(TestExecutionResult.class))
                .flatMap(Optional::stream)
                .map(TestExecutionResult::getThrowable)
                .flatMap(Optional::stream)
                .findFirst()
                .orElseThrow();
    }

    private static boolean isListening(InetSocketAddress address) {
        try (Socket socket = new Socket()) {
            socket.connect(address);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
