package dev.cgnat.proxy.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Files that people write, and those that come with the program. */
public final class TextFile {
    private TextFile() {}

    /** The text of {@code file}; empty, which is then a problem, if it cannot be read. */
    public static Optional<String> read(Path file, Problems problems) {
        String message;
        try {
            if (!Files.isDirectory(file)) {
                return Optional.of(Files.readString(file));
            }
            message = "is a directory (expected: a file)";
        } catch (NoSuchFileException e) {
            message = "no such file";
        } catch (AccessDeniedException e) {
            message = "permission denied";
        } catch (CharacterCodingException e) {
            message = "not text in UTF-8";
        } catch (IOException e) {
            message = "cannot be read: " + e;
        }
        problems.error(Position.whole(file.toString()), "", message);
        return Optional.empty();
    }

    /**
     * The text of a file that comes with the program.
     *
     * @param resource such as {@code /dev/cgnat/profiles/demo.yaml}; {@link IllegalStateException} if it is not there
     */
    public static String shipped(String resource) {
        try (InputStream stream = TextFile.class.getResourceAsStream(resource)) {
            if (stream == null) {
                throw new IllegalStateException(resource + " is not on the class path");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
