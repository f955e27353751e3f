package dev.cgnat.bench.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Writes reports, and the talk between processes, as JSON: kebab-case keys in the order of the records, nothing for what is absent. */
public final class Json {
    private static final JsonMapper LINES = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
            .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .changeDefaultPropertyInclusion(inclusion -> inclusion.withValueInclusion(JsonInclude.Include.NON_ABSENT))
            .build();
    private static final JsonMapper PRETTY =
            LINES.rebuild().enable(SerializationFeature.INDENT_OUTPUT).build();

    private Json() {}

    /** In one line. */
    public static String line(Object value) {
        return LINES.writeValueAsString(value);
    }

    /** What {@link #line} wrote. */
    public static <T> T read(String text, Class<T> type) {
        return LINES.readValue(text, type);
    }

    /** Indented. */
    public static String pretty(Object value) {
        return PRETTY.writeValueAsString(value);
    }
}
