package dev.cgnat.proxy.log;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import dev.cgnat.core.address.Endpoint;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.zip.GZIPInputStream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A translation log read back, as it was written or behind the headers of whatever received it: JSON lines, also as the text of a
 * syslog file, or CSV; any of them compressed by gzip. Read as a stream, in memory for one record.
 */
public final class LogFile {
    private static final int GZIP_MAGIC = 0x1f8b;
    private static final int BUFFER = 1 << 16;

    private final Path path;
    private final JsonMapper json = new JsonMapper();
    private long malformed;

    public LogFile(Path path) {
        this.path = path;
    }

    /** {@code 127.0.1.1:40000} or {@code [2001:db8::1]:40000}; {@link IllegalArgumentException} if it is none. */
    public static Endpoint endpoint(String text) {
        return LogLine.endpoint(text);
    }

    /** Lines of the last reading that are no records, such as one that was cut off when a disk was full. */
    public long malformed() {
        return malformed;
    }

    /**
     * Reads all records that tell who had what.
     *
     * @param mayConcern asked for each line before it is looked into; false = skip it
     * @throws IOException if the file cannot be read
     */
    public void read(Predicate<String> mayConcern, Consumer<LogRecord> to) throws IOException {
        malformed = 0;
        try (InputStream bytes = open();
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8), BUFFER)) {
            lines.mark(BUFFER);
            String first = lines.readLine();
            lines.reset();
            if (first != null && first.startsWith(Column.TIME.key() + ",")) {
                readCsv(lines, to);
            } else {
                readJson(lines, mayConcern, to);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private InputStream open() throws IOException {
        InputStream bytes = new BufferedInputStream(Files.newInputStream(path), BUFFER);
        bytes.mark(2);
        int magic = bytes.read() << 8 | bytes.read();
        bytes.reset();
        return magic == GZIP_MAGIC ? new GZIPInputStream(bytes, BUFFER) : bytes;
    }

    private void readJson(BufferedReader lines, Predicate<String> mayConcern, Consumer<LogRecord> to)
            throws IOException {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            int start = line.indexOf('{');
            if (mayConcern.test(line) && !line.isBlank()) {
                try {
                    accept(fields(json.readTree(line.substring(Math.max(start, 0)))), to);
                } catch (JacksonException e) {
                    malformed++;
                }
            }
        }
    }

    private void readCsv(BufferedReader lines, Consumer<LogRecord> to) {
        for (NamedCsvRecord record : CsvReader.builder()
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .ofNamedCsvRecord(lines)) {
            Map<Column, String> fields = new EnumMap<>(Column.class);
            record.getFieldsAsMap().forEach((key, value) -> put(fields, key, value));
            accept(fields, to);
        }
    }

    private void accept(Map<Column, String> fields, Consumer<LogRecord> to) {
        try {
            LogLine.parse(fields).ifPresent(to);
        } catch (IllegalArgumentException e) {
            malformed++;
        }
    }

    private static Map<Column, String> fields(JsonNode object) {
        Map<Column, String> fields = new EnumMap<>(Column.class);
        object.properties()
                .forEach(field -> put(fields, field.getKey(), field.getValue().asString()));
        return fields;
    }

    private static void put(Map<Column, String> fields, String key, String value) {
        if (!value.isEmpty()) {
            Column.of(key).ifPresent(column -> fields.put(column, value));
        }
    }
}
