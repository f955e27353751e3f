package dev.cgnat.proxy.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a file of {@code name:password} lines in UTF-8, in which empty lines and those that begin with {@code #} say nothing.
 * A password may have colons, and blanks count. No message quotes a line: it may hold a password.
 */
final class UsersFile {
    private static final Set<PosixFilePermission> OF_OTHERS = EnumSet.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    private final Path path;
    private final Fields fields;
    private final Position at;
    private final String key;

    private UsersFile(Path path, Fields fields, Position at, String key) {
        this.path = path;
        this.fields = fields;
        this.at = at;
        this.key = key;
    }

    /**
     * The users of the file that the value of {@code key} names; empty, which is then a problem, if it cannot be used.
     *
     * @param folder what a relative name is relative to
     */
    static Optional<Users> read(Fields fields, String key, Path folder) {
        return fields.read(key, Leaves::text).flatMap(name -> {
            Path path = folder.resolve(name.text());
            return new UsersFile(path, fields, name.at(), key).read();
        });
    }

    private Optional<Users> read() {
        try {
            if (!Files.isRegularFile(path)) {
                return refuse("a file that exists");
            }
            if (othersMayReadOrWrite(path)) {
                return refuse("readable by its owner alone: chmod 600 " + path);
            }
            return parse(Files.readAllLines(path));
        } catch (AccessDeniedException e) {
            return refuse("a file that this user may read");
        } catch (CharacterCodingException e) {
            return refuse("text in UTF-8");
        } catch (IOException e) {
            return refuse("a file that can be read, not " + e.getClass().getSimpleName());
        }
    }

    private Optional<Users> parse(List<String> lines) {
        Map<String, String> passwords = new LinkedHashMap<>();
        boolean isGood = true;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            try {
                addUser(line, passwords);
            } catch (IllegalArgumentException e) {
                fields.error(new Position(path.toString(), i + 1, 1), key, String.valueOf(e.getMessage()));
                isGood = false;
            }
        }
        if (isGood && passwords.isEmpty()) {
            return refuse("at least one line name:password");
        }
        return isGood ? Optional.of(new Users(passwords)) : Optional.empty();
    }

    private static void addUser(String line, Map<String, String> passwords) {
        int colon = line.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("no colon (expected: name:password)");
        }
        String name = line.substring(0, colon);
        String password = line.substring(colon + 1);
        Users.requireLegal(name, password);
        if (passwords.putIfAbsent(name, password) != null) {
            throw new IllegalArgumentException("name: " + name + " (expected: a name that stands once)");
        }
    }

    /** Whether somebody else than its owner may; false where files have no such rights. */
    static boolean othersMayReadOrWrite(Path path) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
        return view != null && view.readAttributes().permissions().stream().anyMatch(OF_OTHERS::contains);
    }

    private Optional<Users> refuse(String expected) {
        fields.error(at, key, path + " (expected: " + expected + ")");
        return Optional.empty();
    }
}
