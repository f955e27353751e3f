package dev.cgnat.bench.peers;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Where other programs are. */
final class Programs {
    private Programs() {}

    /** By {@code PATH} unless {@code name} is a whole path, and where administrators' programs are on machines that leave that out for users. */
    static Optional<Path> find(String name) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Stream.concat(
                        Pattern.compile(File.pathSeparator).splitAsStream(path),
                        Stream.of("/usr/local/sbin", "/usr/sbin", "/sbin"))
                .map(folder -> Path.of(folder).resolve(name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** @throws PeersException if it is nowhere */
    static String require(String name) throws PeersException {
        return find(name)
                .map(Path::toString)
                .orElseThrow(() -> new PeersException(name + " is not on the PATH (expected: installed)"));
    }
}
