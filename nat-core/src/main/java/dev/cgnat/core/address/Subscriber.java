package dev.cgnat.core.address;

/**
 * Whoever quotas count and pairing follows: a source address, a prefix or a user (RFC 6888 section 2).
 *
 * @param name what tells two subscribers apart, such as {@code 10.0.0.7}; not empty
 */
public record Subscriber(String name) {
    public Subscriber {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("name:  (expected: at least one character)");
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
