package dev.cgnat.proxy.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Files that people write. */
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
}
