package dev.cgnat.proxy.diagnose;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One verdict and why.
 *
 * @param summary one sentence
 * @param evidence numbers by what they count, in the order in which to read them
 * @param next commands that show more
 */
public record Finding(Verdict verdict, String summary, Map<String, Number> evidence, List<String> next) {
    public Finding {
        evidence = Collections.unmodifiableMap(new LinkedHashMap<>(evidence));
        next = List.copyOf(next);
    }
}
