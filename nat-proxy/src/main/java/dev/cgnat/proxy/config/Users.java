package dev.cgnat.proxy.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;

/**
 * Names with their passwords, 1 to 255 bytes of UTF-8 each, as RFC 1929 section 2 can carry them, without control characters
 * and, in names, colons, as RFC 7617 section 2 demands.
 *
 * @param passwords by name; at least one
 */
public record Users(Map<String, String> passwords) {
    private static final int MAX_BYTES = 255;

    public Users {
        passwords = Map.copyOf(passwords);
        if (passwords.isEmpty()) {
            throw new IllegalArgumentException("users: none (expected: at least one)");
        }
        passwords.forEach(Users::requireLegal);
    }

    /** Whether {@code password} is that of {@code name}; takes as long for a wrong one as for the right one. */
    public boolean accept(String name, String password) {
        String expected = passwords.getOrDefault(name, "");
        return MessageDigest.isEqual(
                        password.getBytes(StandardCharsets.UTF_8), expected.getBytes(StandardCharsets.UTF_8))
                && !expected.isEmpty();
    }

    /** The names alone: passwords reach no log. */
    @Override
    public String toString() {
        return passwords.keySet().toString();
    }

    /** {@link IllegalArgumentException}, without the password, if one of the two cannot be told to every front end. */
    static void requireLegal(String name, String password) {
        requireText("name", name);
        requireText("password", password);
        if (name.indexOf(':') >= 0) {
            throw new IllegalArgumentException("name: " + name + " (expected: no colon)");
        }
    }

    private static void requireText(String what, String text) {
        int length = text.getBytes(StandardCharsets.UTF_8).length;
        if (length < 1 || length > MAX_BYTES) {
            throw new IllegalArgumentException(what + ": " + length + " bytes (expected: 1 to " + MAX_BYTES + ")");
        }
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(what + ": a control character (expected: none)");
        }
    }
}
