package dev.cgnat.proxy.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Reads the administrator's token: the first line of a file that its owner alone may read. No message quotes it. */
final class TokenFile {
    /** A longer file is none of tokens. */
    private static final long MOST_BYTES = 4096;

    private TokenFile() {}

    /**
     * The token of the file that {@code token-file} names; empty, which is then a problem, if it cannot be used.
     *
     * @param folder what a relative name is relative to
     */
    static Optional<AdminToken> read(Fields fields, Located<String> name, Path folder) {
        Path path = folder.resolve(name.text());
        String expected;
        try {
            if (!Files.isRegularFile(path)) {
                expected = "(expected: a file that exists)";
            } else if (UsersFile.othersMayReadOrWrite(path)) {
                expected = "(expected: readable by its owner alone: chmod 600 " + path + ")";
            } else if (Files.size(path) > MOST_BYTES) {
                expected = "(expected: at most " + MOST_BYTES + " bytes)";
            } else {
                return Optional.of(new AdminToken(Files.readString(path).strip()));
            }
        } catch (IOException e) {
            expected = "(expected: a file that can be read, not " + e.getClass().getSimpleName() + ")";
        } catch (IllegalArgumentException e) {
            expected = Words.expectation(e);
        }
        fields.error(name.at(), "token-file", path + " " + expected);
        return Optional.empty();
    }
}
