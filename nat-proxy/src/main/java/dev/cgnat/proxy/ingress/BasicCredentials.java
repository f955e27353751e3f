package dev.cgnat.proxy.ingress;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A name and a password as HTTP carries them (RFC 7617), in UTF-8. */
record BasicCredentials(String name, String password) {
    /** What to ask a client with that gave none. */
    static final String CHALLENGE = "Basic realm=\"natproxy\", charset=\"UTF-8\"";

    private static final Pattern FIELD = Pattern.compile("basic +([A-Za-z0-9+/]+={0,2})", Pattern.CASE_INSENSITIVE);

    /** The credentials of a field's value; empty if it holds none. */
    static Optional<BasicCredentials> parse(String value) {
        Matcher matcher = FIELD.matcher(value);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String pair;
        try {
            pair = new String(Base64.getDecoder().decode(matcher.group(1)), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // letters of Base64 that are none together
        }
        int colon = pair.indexOf(':'); // no name has one
        return colon < 0
                ? Optional.empty()
                : Optional.of(new BasicCredentials(pair.substring(0, colon), pair.substring(colon + 1)));
    }

    /** The name alone: passwords reach no log. */
    @Override
    public String toString() {
        return name;
    }
}
