package dev.cgnat.proxy.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LogFileTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(LineFormat.class)
    void whatWasWrittenIsReadBackAlsoFromGzip(LineFormat format) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(format.header());
        all().forEach(record -> bytes.writeBytes(format.line(record)));
        Path plain = Files.write(folder.resolve("log"), bytes.toByteArray());
        Path zipped = folder.resolve("log.gz");
        try (OutputStream gzip = new GZIPOutputStream(Files.newOutputStream(zipped))) {
            gzip.write(bytes.toByteArray());
        }

        List<LogRecord> told = all().filter(LogFileTest::attributes).toList();
        assertThat(read(plain)).isEqualTo(told);
        assertThat(read(zipped)).isEqualTo(told);
    }

    @Test
    void linesOfASyslogFileAreReadAndHalfALineIsCounted() throws Exception {
        LogRecord record = SampleRecords.ofIpfix().get(0);
        String json = new String(LineFormat.JSONL.line(record), StandardCharsets.UTF_8);
        Path file = Files.writeString(
                folder.resolve("syslog"),
                "2026-03-01T10:20:30+00:00 gw natproxy[42]: " + json + "\n" + json.substring(0, json.length() / 2)
                        + "\n{\"event\":\"no-such-event\"}\n{\"time\":\"yesterday\",\"event\":\"log-gap\",\"limit\":1}\n");
        LogFile log = new LogFile(file);
        List<LogRecord> read = new ArrayList<>();
        log.read(line -> true, read::add);

        assertThat(read).containsExactly(record);
        assertThat(log.malformed()).isEqualTo(3);
    }

    @Test
    void anEmptyFileHasNoRecord() throws IOException {
        assertThat(read(Files.createFile(folder.resolve("empty")))).isEmpty();
    }

    @Test
    void jsonHasTheKeysThatPeopleReadAndNoneThatIsEmpty() {
        assertThat(new String(LineFormat.JSONL.line(SampleRecords.ofIpfix().get(1)), StandardCharsets.UTF_8))
                .isEqualTo("{\"time\":\"2026-03-01T10:20:30.123456Z\",\"event\":\"session-delete\",\"nat-event\":5,"
                        + "\"pool\":\"main\",\"subscriber\":\"10.0.0.7\",\"protocol\":\"tcp\","
                        + "\"internal\":\"10.0.0.7:51322\",\"external\":\"198.51.100.7:40000\","
                        + "\"destination\":\"203.0.113.9:443\",\"flow\":1,\"cause\":\"client_fin\","
                        + "\"held-until\":\"2026-03-01T10:21:30.123456Z\"}\n");
    }

    private static List<LogRecord> read(Path file) throws IOException {
        List<LogRecord> records = new ArrayList<>();
        LogFile log = new LogFile(file);
        log.read(line -> true, records::add);
        assertThat(log.malformed()).isZero();
        return records;
    }

    private static Stream<LogRecord> all() {
        return Stream.concat(SampleRecords.ofIpfix().stream(), SampleRecords.ofTheLog().stream());
    }

    private static boolean attributes(LogRecord record) {
        return record instanceof LogRecord.Session
                || record instanceof LogRecord.Block
                || record instanceof LogRecord.Start
                || record instanceof LogRecord.Gap;
    }
}
