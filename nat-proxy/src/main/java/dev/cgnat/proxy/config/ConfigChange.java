package dev.cgnat.proxy.config;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One key in which two configurations differ.
 *
 * @param path such as {@code pools[0].alarm.raise}
 * @param from empty if it is new
 * @param to empty if it is gone
 */
public record ConfigChange(String path, Optional<Object> from, Optional<Object> to) {

    /** Every difference, in the order of the file. Secrets are compared too, and not told. */
    public static List<ConfigChange> between(ProxyConfig before, ProxyConfig after) {
        List<ConfigChange> changes = new ArrayList<>();
        compare("", EffectiveConfig.of(before), EffectiveConfig.of(after), changes);
        int listeners = Math.min(before.listeners().size(), after.listeners().size());
        for (int i = 0; i < listeners; i++) {
            if (!before.listeners()
                    .get(i)
                    .users()
                    .equals(after.listeners().get(i).users())) {
                addSecret(changes, "listeners[" + i + "].users-file");
            }
        }
        if (!before.admin().token().equals(after.admin().token())) {
            addSecret(changes, "admin.token-file");
        }
        return changes;
    }

    private static void addSecret(List<ConfigChange> changes, String path) {
        if (changes.stream().noneMatch(change -> change.path.equals(path))) {
            changes.add(new ConfigChange(path, Optional.of("***"), Optional.of("***")));
        }
    }

    private static void compare(String path, Object before, Object after, List<ConfigChange> changes) {
        if (before instanceof Map<?, ?> one && after instanceof Map<?, ?> other) {
            Set<Object> keys = new LinkedHashSet<>(one.keySet());
            keys.addAll(other.keySet());
            for (Object key : keys) {
                compareValues(
                        path.isEmpty() ? key.toString() : path + "." + key, one.get(key), other.get(key), changes);
            }
        } else if (isListOfMaps(before) && isListOfMaps(after)) {
            List<?> one = (List<?>) before;
            List<?> other = (List<?>) after;
            for (int i = 0; i < Math.max(one.size(), other.size()); i++) {
                compareValues(
                        path + "[" + i + "]",
                        i < one.size() ? one.get(i) : null,
                        i < other.size() ? other.get(i) : null,
                        changes);
            }
        } else if (!before.equals(after)) {
            changes.add(new ConfigChange(path, Optional.of(before), Optional.of(after)));
        }
    }

    private static void compareValues(
            String path, @Nullable Object before, @Nullable Object after, List<ConfigChange> changes) {
        if (before != null && after != null) {
            compare(path, before, after, changes);
        } else if (before != after) {
            changes.add(new ConfigChange(path, Optional.ofNullable(before), Optional.ofNullable(after)));
        }
    }

    private static boolean isListOfMaps(Object value) {
        return value instanceof List<?> list && !list.isEmpty() && list.get(0) instanceof Map;
    }
}
