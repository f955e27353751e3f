package dev.cgnat.bench.trace;

import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Reads a line of JSON into a row, by the names of its fields. */
final class ZeekJson {
    private static final JsonFactory JSON = new JsonFactory();

    private ZeekJson() {}

    static void read(String line, Dialect dialect, Row row) throws BrokenLineException {
        row.clear();
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), line)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new BrokenLineException("no JSON object");
            }
            for (String name = parser.nextName(); name != null; name = parser.nextName()) {
                JsonToken value = parser.nextToken();
                Optional<Column> column = dialect.column(name);
                if (column.isPresent() && value.isScalarValue() && value != JsonToken.VALUE_NULL) {
                    row.put(
                            column.get(),
                            parser.getStringCharacters(),
                            parser.getStringOffset(),
                            parser.getStringLength());
                } else {
                    parser.skipChildren();
                }
            }
            if (parser.currentToken() != JsonToken.END_OBJECT || parser.nextToken() != null) {
                throw new BrokenLineException("more than one JSON object");
            }
        } catch (JacksonException e) {
            throw new BrokenLineException("JSON: " + e.getOriginalMessage());
        }
    }
}
