package dev.cgnat.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cgnat.proxy.config.TranslationLogConfig.OnFailure;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What can be said under {@code translation-log}. */
class LogConfigTest {
    private static final String ADDRESS_SCOPE = "pools: [{ reuse-scope: address }]\n";

    @Test
    void everySinkIsRead() throws ConfigException {
        assertThat(sink("sink: stdout, format: csv")).isEqualTo(new LogSink.Stdout(LogSink.Format.CSV));
        assertThat(sink("sink: syslog, collector: \"logs.example:514\", protocol: tcp"))
                .isEqualTo(new LogSink.Syslog(new ListenerConfig.Target("logs.example", 514), LogSink.Protocol.TCP));
        assertThat(sink("sink: ipfix, collector: 127.0.0.1:4739, observation-domain: 4294967295"))
                .isEqualTo(new LogSink.Ipfix(new ListenerConfig.Target("127.0.0.1", 4739), 4_294_967_295L));
        assertThat(sink("sink: file, path: /var/log/nat.jsonl"))
                .hasToString("File[path=/var/log/nat.jsonl, format=JSONL]");
        assertThat(read(ADDRESS_SCOPE + "translation-log: { on-log-failure: refuse-new }")
                        .config()
                        .translationLog()
                        .onFailure())
                .isEqualTo(OnFailure.REFUSE_NEW);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            sink: file                                     | path: missing (expected: the name of the file)
            sink: ipfix                                    | collector: missing (expected: its host:port)
            sink: paper                                    | sink: paper (expected: none, stdout, file, syslog or ipfix)
            queue: 15                                      | queue: 15 (expected: 16 to 10000000)
            observation-domain: 4294967296                 | observation-domain: 4294967296 (expected: 0 to 4294967295)
            'sink: stdout, granularity: block'             | granularity: block (expected: session, as pool main lends no port blocks and is not deterministic)
            """)
    void everyMistakeSaysWhatIsExpected(String keys, String problem) {
        assertThatThrownBy(() -> read(ADDRESS_SCOPE + "translation-log: { " + keys + " }"))
                .isInstanceOf(ConfigException.class)
                .hasMessageEndingWith("error: translation-log." + problem);
    }

    @Test
    void aLogThatCannotTellSubscribersApartOrNeedNotIsAWarning() throws ConfigException {
        String log = "translation-log: { sink: stdout }\n";
        assertThat(read(log).warnings())
                .singleElement()
                .satisfies(warning -> assertThat(warning.toString())
                        .contains(
                                "translation-log.destinations: false: pool main lends a port to several subscribers"));
        assertThat(read(ADDRESS_SCOPE + log).warnings()).isEmpty();
        assertThat(read("pools: [{ blocks: { size: 512 } }]\n" + log).warnings())
                .isEmpty();
        assertThat(read("pools: [{ deterministic: { inside: 10.0.0.0/26 } }]\n" + log)
                        .warnings())
                .singleElement()
                .satisfies(warning ->
                        assertThat(warning.toString()).contains("its formula tells who had a port (RFC 7422)"));
        assertThat(read(ADDRESS_SCOPE + "translation-log: { sink: stdout, collector: 127.0.0.1:1 }")
                        .warnings())
                .singleElement()
                .satisfies(warning -> assertThat(warning.toString()).endsWith("collector: not used by sink stdout"));
    }

    private static LogSink sink(String keys) throws ConfigException {
        return read(ADDRESS_SCOPE + "translation-log: { " + keys + " }")
                .config()
                .translationLog()
                .sink();
    }

    private static LoadedConfig read(String yaml) throws ConfigException {
        return ConfigLoader.parse(yaml, "nat.yaml", Optional.empty(), List.of(), address -> true);
    }
}
