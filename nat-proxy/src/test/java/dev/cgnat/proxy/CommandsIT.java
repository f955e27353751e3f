package dev.cgnat.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import dev.cgnat.core.config.BlockGrowth;
import dev.cgnat.core.config.PortBlockConfig;
import dev.cgnat.proxy.testing.NoLeaks;
import dev.cgnat.proxy.testing.Proxies;
import dev.cgnat.proxy.testing.Rig;
import dev.cgnat.proxy.testing.Sink;
import dev.cgnat.proxy.testing.SocksClient;
import dev.cgnat.proxy.testing.Wire;
import java.io.IOException;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The commands, asked of a proxy with three flows of two subscribers. */
@ExtendWith(NoLeaks.class)
class CommandsIT {
    private static final String ALICE = "127.0.0.5";
    private static final String BOB = "127.0.0.6";

    private final Rig rig;
    private InetSocketAddress server;
    private SocksClient bob;

    CommandsIT() throws Exception {
        rig = Rig.start(Proxies.with(Proxies.pool("127.0.46.1", "127.0.46.2", 20_000, 20_019)
                .withBlocks(new PortBlockConfig(5, 2, BlockGrowth.ONE))));
    }

    @BeforeEach
    void open() throws IOException {
        server = rig.sink(Sink.echoing(), "127.0.0.2").address();
        rig.socksFrom(ALICE, server);
        rig.socksFrom(ALICE, server);
        bob = rig.socksFrom(BOB, server);
        await().atMost(Wire.GUARD).until(() -> sessions("state", "established") == 3);
    }

    @AfterEach
    void close() throws IOException {
        rig.close();
    }

    private CommandRun run(String... args) {
        return CommandRun.of(CommandRun.join(args, "--admin", admin()));
    }

    private String admin() {
        return "http://127.0.0.1:" + rig.proxy().adminAddress().getPort();
    }

    @Test
    void statusTellsThatAllIsWell() {
        CommandRun table = run("status");
        assertThat(table.exitCode()).isZero();
        assertThat(table.lines().get(1)).startsWith("ready ").contains(" 3 ");
        assertThat(table.out()).contains("main").contains("socks");
        assertThat(run("status", "-o", "json").json().get("sessions").asInt()).isEqualTo(3);
        assertThat(csv(run("status", "-o", "csv")).get(0).getField("subscribers"))
                .isEqualTo("2");
    }

    @ParameterizedTest
    @CsvSource({
        "pools,1",
        "pools main,1",
        "pools --addresses,2",
        "blocks,2",
        "sessions,3",
        "top,2",
        "top --by bytes,0",
        "top --of destinations,1"
    })
    void listsHaveTheSameRowsInEveryFormat(String command, int rows) {
        String[] words = command.split(" ", -1);
        assertThat(run(CommandRun.join(words, "-o", "json")).json()).hasSize(rows);
        assertThat(run(CommandRun.join(words, "-o", "jsonl")).objects()).hasSize(rows);
        assertThat(csv(run(CommandRun.join(words, "-o", "csv")))).hasSize(rows);
        assertThat(run(words).lines()).hasSize(rows + 1).allMatch(line -> line.length() <= 80);
        assertThat(run(CommandRun.join(words, "-o", "wide", "--no-headers")).lines())
                .hasSize(rows);
        assertThat(run(words).out()).doesNotContain("\u001b");
    }

    @Test
    void filterChoosesSessions() {
        String port = ":" + server.getPort();
        assertThat(sessions("state", "established", "and", "dst", port)).isEqualTo(3);
        assertThat(sessions("state established and dst " + port + " src " + ALICE))
                .isEqualTo(2);
        assertThat(sessions("subscriber", BOB)).isOne();
        assertThat(sessions("dport", "=", "1")).isZero();
        assertThat(sessions("olderthan", "1h")).isZero();
        assertThat(sessions("external", "127.0.46.0/24")).isEqualTo(3);
        assertThat(sessions("--limit", "2")).isEqualTo(2);
    }

    private int sessions(String... filter) {
        CommandRun run = run(CommandRun.join(new String[] {"sessions", "-o", "jsonl"}, filter));
        assertThat(run.exitCode()).as(run.err()).isZero();
        return run.objects().size();
    }

    @Test
    void sortIsTheServers() {
        List<Long> ids = run("sessions", "--sort=-id", "-o", "jsonl").objects().stream()
                .map(session -> session.get("id").asLong())
                .toList();
        assertThat(ids).hasSize(3).isSortedAccordingTo((a, b) -> Long.compare(b, a));
    }

    @Test
    void topNamesWhoHasMost() {
        JsonNode first = run("top", "--by", "sessions", "-n", "1", "-o", "json").json();
        assertThat(first).hasSize(1);
        assertThat(first.get(0).get("subscriber").asString()).isEqualTo(ALICE);
        assertThat(first.get(0).get("value").asInt()).isEqualTo(2);
    }

    @Test
    void externalEndpointIsWhoseItIs() {
        String external = session(BOB).get("external").asString();
        CommandRun found = run("lookup", external);
        assertThat(found.exitCode()).isZero();
        assertThat(found.out()).contains(external).contains(BOB + ":");
        assertThat(run("lookup", external, "-o", "json")
                        .json()
                        .at("/sessions/0/subscriber")
                        .asString())
                .isEqualTo(BOB);
        CommandRun nobody = run("lookup", "127.0.99.1:1");
        assertThat(nobody.exitCode()).isEqualTo(ExitCodes.NOT_FOUND);
        assertThat(nobody.out()).isEmpty();
        assertThat(nobody.err()).startsWith("nobody has 127.0.99.1:1");
    }

    @Test
    void decisionIsExplainedStepByStep() {
        CommandRun text = run("explain", "--subscriber", ALICE, "--dest", "192.0.2.1:443", "--pool", "main");
        assertThat(text.exitCode()).as(text.err()).isZero();
        assertThat(text.lines().get(0)).isEqualTo("granted, pool main");
        assertThat(text.lines().get(1)).startsWith("  1. ");
        JsonNode json = run("explain", "--subscriber", ALICE, "--dest", "192.0.2.1:443", "-o", "json")
                .json();
        assertThat(json.get("verdict").asString()).isEqualTo("granted");
        assertThat(json.get("steps")).hasSize(text.lines().size() - 1);
        assertThat(sessions()).as("nothing was opened").isEqualTo(3);
        assertThat(run("explain", "--subscriber", ALICE, "--dest", "somewhere").exitCode())
                .isEqualTo(ExitCodes.USAGE);
    }

    @Test
    void diagnosisOfAHealthyPoolNamesNothing() {
        CommandRun text = run("diagnose");
        assertThat(text.exitCode()).as(text.err()).isZero();
        assertThat(text.out()).startsWith("pool main, the last ").contains("  none: ");
        assertThat(run("diagnose", "-o", "jsonl").objects())
                .allSatisfy(
                        finding -> assertThat(finding.get("verdict").asString()).isEqualTo("none"));
        assertThat(run("diagnose", "--pool", "other").exitCode()).isEqualTo(ExitCodes.NOT_FOUND);
    }

    private JsonNode session(String subscriber) {
        return run("sessions", "subscriber", subscriber, "-o", "json").json().get(0);
    }

    @Test
    void killedSessionEnds() {
        String id = session(BOB).get("id").asString();
        assertThat(run("kill", id).out()).isEqualTo("killed session " + id + "\n");
        await().atMost(Wire.GUARD).until(() -> sessions("subscriber", BOB) == 0);
        assertThat(sessions()).isEqualTo(2);
        CommandRun again = run("kill", id);
        assertThat(again.exitCode()).isEqualTo(ExitCodes.NOT_FOUND);
        assertThat(again.err()).contains("session " + id);
    }

    @Test
    void sessionsOfAFilterEndOnlyIfThatIsSure() {
        CommandRun unsure = run("kill", "--filter", "subscriber " + ALICE);
        assertThat(unsure.exitCode()).isEqualTo(ExitCodes.USAGE);
        assertThat(unsure.err()).contains("2 sessions would end (expected: --yes");
        assertThat(sessions()).isEqualTo(3);
        assertThat(run("kill", "--filter", "subscriber " + ALICE, "--yes").out())
                .isEqualTo("killed 2 sessions\n");
        await().atMost(Wire.GUARD).until(() -> sessions() == 1);
        assertThat(run("kill", "--filter", "subscriber " + ALICE, "--yes").exitCode())
                .isEqualTo(ExitCodes.NOT_FOUND);
        assertThat(run("kill", "--filter", "", "--yes").exitCode()).isEqualTo(ExitCodes.USAGE);
    }

    @Test
    void drainIsWaitedForAndTakenBack() throws IOException {
        assertThat(run("undrain", "--pool", "main").exitCode()).isEqualTo(ExitCodes.NOT_FOUND);
        CommandRun drained = run("drain", "--pool", "main", "--deadline", "1s", "--wait", "-o", "json");
        assertThat(drained.exitCode()).as(drained.err()).isZero();
        assertThat(drained.json().get(0).get("state").asString()).isEqualTo("done");
        assertThat(drained.json().get(0).get("reset").asInt()).isEqualTo(3);
        assertThat(drained.err()).contains("pool:main: 3 of 3 sessions live");
        assertThat(rig.socksFrom(BOB, server).isGranted()).isFalse();
        assertThat(run("drain", "-o", "jsonl").objects()).hasSize(1);
        assertThat(run("undrain", "--pool", "main").out()).isEqualTo("pool:main takes new flows again\n");
        assertThat(rig.socksFrom(BOB, server).isGranted()).isTrue();
        assertThat(run("drain", "-o", "jsonl").objects()).isEmpty();
    }

    @Test
    void whatHappenedIsTold() {
        run("drain", "--address", "127.0.46.2");
        List<String> lines = run("events").lines();
        assertThat(lines).anyMatch(line -> line.contains("  block allocated  ") && line.contains("subscriber=" + BOB));
        assertThat(lines.get(lines.size() - 1)).endsWith("  config drain  detail=address:127.0.46.2");
        assertThat(run("events", "--types", "config", "-o", "jsonl").objects())
                .singleElement()
                .satisfies(
                        event -> assertThat(event.at("/data/detail").asString()).isEqualTo("address:127.0.46.2"));
    }

    @Test
    void whatHappensIsToldUntilInterrupted() throws Exception {
        StringWriter out = new StringWriter();
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<Integer> exit = thread.submit(() -> CommandRun.execute(
                    out, new StringWriter(), "events", "-f", "--types", "session,sample", "--admin", admin()));
            await().atMost(Wire.GUARD).until(() -> out.toString().contains("  sample "));
            bob.close();
            await().atMost(Wire.GUARD).until(() -> out.toString().contains("  session closed  "));
            thread.shutdownNow();
            assertThat(exit.get(60, TimeUnit.SECONDS)).isEqualTo(ExitCodes.INTERRUPTED);
        } finally {
            thread.shutdownNow();
        }
    }

    @Test
    void watchedListIsPrintedAgainUntilInterrupted() throws Exception {
        StringWriter out = new StringWriter();
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<Integer> exit = thread.submit(() -> CommandRun.execute(
                    out, new StringWriter(), "pools", "--watch", "100ms", "-o", "csv", "--admin", admin()));
            await().atMost(Wire.GUARD).until(() -> out.toString().lines().count() >= 4);
            thread.shutdownNow();
            assertThat(exit.get(60, TimeUnit.SECONDS)).isEqualTo(ExitCodes.INTERRUPTED);
        } finally {
            thread.shutdownNow();
        }
        assertThat(out.toString().lines().filter(line -> line.startsWith("name,")))
                .as("one header")
                .hasSize(1);
        assertThat(out.toString().lines().filter(line -> line.startsWith("main,")))
                .hasSizeGreaterThan(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sessions size 3",
                "sessions state",
                "sessions state open",
                "sessions dst nowhere",
                "sessions state established or dst :1",
                "sessions --sort colour",
                "sessions --limit 0",
                "sessions --watch 1ms",
                "sessions -o yaml",
                "top -n 101",
                "lookup 127.0.0.1",
                "events --types weather",
                "drain --address 127.0.46.1 --all",
                "drain --address 192.0.2.1",
                "drain --all --deadline soon",
                "drain --wait",
                "undrain",
                "kill",
                "kill --filter size",
                "pools --admin ftp://127.0.0.1"
            })
    void wrongUseIsExplained(String command) {
        String[] words = command.split(" ", -1);
        CommandRun run = command.contains("--admin") ? CommandRun.of(words) : run(words);
        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCodes.USAGE);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).isNotEmpty().doesNotContain("Exception");
    }

    @Test
    void poolThatIsNotThereIsNotFound() {
        assertThat(run("pools", "other").exitCode()).isEqualTo(ExitCodes.NOT_FOUND);
        assertThat(run("blocks", "--pool", "a/b?c").exitCode()).isEqualTo(ExitCodes.NOT_FOUND);
    }

    @Test
    void colorsAreOnlyWhereTheyAreWanted() {
        assertThat(run("sessions", "--color", "always").out()).contains("\u001b[32mestablished\u001b[0m");
        assertThat(run("sessions", "--color", "never").out()).doesNotContain("\u001b");
    }

    private static List<NamedCsvRecord> csv(CommandRun run) {
        assertThat(run.exitCode()).as(run.err()).isZero();
        try (CsvReader<NamedCsvRecord> reader = CsvReader.builder().ofNamedCsvRecord(run.out())) {
            return reader.stream().toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
