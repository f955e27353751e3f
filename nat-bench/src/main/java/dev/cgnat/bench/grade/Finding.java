package dev.cgnat.bench.grade;

import java.util.Optional;

/**
 * The answer to one question, or why there is none.
 *
 * @param value empty if it was not seen
 * @param evidence one line: what was seen, or which bound ended the search
 */
public record Finding<T>(Optional<T> value, String evidence) {
    static <T> Finding<T> of(T value, String evidence) {
        return new Finding<>(Optional.of(value), evidence);
    }

    static <T> Finding<T> notSeen(String why) {
        return new Finding<>(Optional.empty(), why);
    }
}
