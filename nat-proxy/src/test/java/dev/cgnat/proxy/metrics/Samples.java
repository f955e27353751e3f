package dev.cgnat.proxy.metrics;

import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The samples of one scrape by series, such as {@code cgn_sessions{pool="main",state="connecting"}}.
 *
 * @param types by family
 */
record Samples(Map<String, Double> values, Map<String, String> types) {
    private static final Pattern SAMPLE = Pattern.compile("(\\w+)(?:\\{(.*?),?})? (\\S+)");
    private static final Pattern TYPE = Pattern.compile("# TYPE (\\w+) (\\w+)");

    static Samples of(Exposition exposition) {
        Map<String, Double> values = new TreeMap<>(Comparator.naturalOrder());
        Map<String, String> types = new TreeMap<>();
        exposition.text().lines().forEach(line -> {
            Matcher type = TYPE.matcher(line);
            Matcher sample = SAMPLE.matcher(line);
            if (type.matches()) {
                types.put(type.group(1), type.group(2));
            } else if (sample.matches()) {
                String labels = sample.group(2) == null ? "" : "{" + sample.group(2) + "}";
                values.put(sample.group(1) + labels, number(sample.group(3)));
            }
        });
        return new Samples(values, types);
    }

    double value(String series) {
        Double value = values.get(series);
        if (value == null) {
            throw new AssertionError(series + " is not among " + values.keySet());
        }
        return value;
    }

    /** The series of our own. */
    Stream<String> ours() {
        return values.keySet().stream().filter(series -> series.startsWith("cgn_"));
    }

    double sum(String family) {
        return values.entrySet().stream()
                .filter(sample -> sample.getKey().startsWith(family + "{"))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }

    private static double number(String text) {
        return text.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(text);
    }
}
