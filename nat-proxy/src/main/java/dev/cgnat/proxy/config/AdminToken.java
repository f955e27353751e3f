package dev.cgnat.proxy.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** What an administrator proves himself with: 16 to 512 visible ASCII characters, as RFC 6750 can carry them. Never printed. */
public final class AdminToken {
    private static final int LEAST = 16;
    private static final int MOST = 512;

    private final byte[] token;

    /** @throws IllegalArgumentException if it is none, without quoting it */
    public AdminToken(String token) {
        if (token.length() < LEAST || token.length() > MOST || !token.matches("[!-~]+")) {
            throw new IllegalArgumentException(
                    "(expected: one line of " + LEAST + " to " + MOST + " visible ASCII characters)");
        }
        this.token = token.getBytes(StandardCharsets.US_ASCII);
    }

    /** Takes as long for a wrong one as for the right one. */
    public boolean accept(String given) {
        return MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), token);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AdminToken that && MessageDigest.isEqual(token, that.token);
    }

    @Override
    public int hashCode() {
        return 0; // tells nothing
    }

    @Override
    public String toString() {
        return "***";
    }
}
