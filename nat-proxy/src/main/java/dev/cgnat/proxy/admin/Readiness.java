package dev.cgnat.proxy.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import java.util.Optional;

/**
 * Whether new flows should be sent here.
 *
 * @param checks what was looked at; it is ready if every one passed
 */
public record Readiness(List<Check> checks) {
    public Readiness {
        checks = List.copyOf(checks);
    }

    /**
     * One thing that was looked at.
     *
     * @param name such as {@code drain}
     * @param reason why it failed; empty if it passed
     */
    @JsonPropertyOrder({"name", "ok", "reason"})
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    public record Check(String name, boolean ok, Optional<String> reason) {
        public Check {
            if (ok == reason.isPresent()) {
                throw new IllegalArgumentException("reason: " + reason + " (expected: if and only if not ok)");
            }
        }

        public static Check passed(String name) {
            return new Check(name, true, Optional.empty());
        }

        public static Check failed(String name, String reason) {
            return new Check(name, false, Optional.of(reason));
        }
    }

    public static Readiness of(Check... checks) {
        return new Readiness(List.of(checks));
    }

    /** Whether every check passed. */
    public boolean passes() {
        return checks.stream().allMatch(Check::ok);
    }
}
