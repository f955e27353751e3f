package dev.cgnat.proxy.log;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import dev.cgnat.proxy.config.LogSink;
import java.io.ByteArrayOutputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/** Records as lines of UTF-8, each ended by a line feed. <b>Ownership</b>: any thread. */
enum LineFormat {
    /** One JSON object a line, without what is absent. */
    JSONL {
        @Override
        byte[] header() {
            return new byte[0];
        }

        @Override
        byte[] line(LogRecord record) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream(TYPICAL_LENGTH);
            try (JsonGenerator json = JSON.createGenerator(bytes)) {
                json.writeStartObject();
                for (Map.Entry<Column, Object> field : Column.fields(record).entrySet()) {
                    json.writeName(field.getKey().key());
                    if (field.getValue() instanceof Long number) {
                        json.writeNumber(number);
                    } else {
                        json.writeString(field.getValue().toString());
                    }
                }
                json.writeEndObject();
            }
            bytes.write('\n');
            return bytes.toByteArray();
        }
    },
    /** RFC 4180, every column in every line; each file begins with their names. */
    CSV {
        @Override
        byte[] header() {
            return csv(Stream.of(Column.values()).map(Column::key).toList());
        }

        @Override
        byte[] line(LogRecord record) {
            Map<Column, Object> fields = Column.fields(record);
            return csv(Stream.of(Column.values())
                    .map(column -> String.valueOf(fields.getOrDefault(column, "")))
                    .toList());
        }
    };

    private static final int TYPICAL_LENGTH = 320;
    private static final JsonMapper JSON = new JsonMapper();

    static LineFormat of(LogSink.Format format) {
        return switch (format) {
            case JSONL -> JSONL;
            case CSV -> CSV;
        };
    }

    /** What every file begins with. */
    abstract byte[] header();

    abstract byte[] line(LogRecord record);

    private static byte[] csv(Iterable<String> cells) {
        StringWriter text = new StringWriter(TYPICAL_LENGTH);
        CsvWriter.builder()
                .lineDelimiter(LineDelimiter.LF)
                .bufferSize(0)
                .build(text)
                .writeRecord(cells);
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
