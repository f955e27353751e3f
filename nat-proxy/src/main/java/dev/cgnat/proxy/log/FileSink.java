package dev.cgnat.proxy.log;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file to which lines are appended. Before each write it is looked at: if it was renamed, deleted or replaced, it is made anew.
 * So whoever rotates it by renaming loses nothing, and needs no signal.
 *
 * <p>A new file can be read and written by its owner alone: it tells who was where.
 */
final class FileSink implements Sink {
    private static final Logger LOG = LoggerFactory.getLogger(FileSink.class);
    private static final Set<StandardOpenOption> APPEND =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);

    private final Path path;
    private final LineFormat format;
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
    private volatile Optional<Opened> opened = Optional.empty();

    private record Opened(FileChannel channel, Object identity) {}

    FileSink(Path path, LineFormat format) {
        this.path = path;
        this.format = format;
    }

    @Override
    public void add(LogRecord record) {
        pending.writeBytes(format.line(record));
    }

    @Override
    public void flush() throws IOException {
        FileChannel channel = current();
        long start = channel.size();
        try {
            if (start == 0) {
                writeFully(channel, format.header());
            }
            writeFully(channel, pending.toByteArray());
        } catch (IOException e) {
            cutBack(channel, start);
            throw e;
        }
        pending.reset();
    }

    @Override
    public void close() {
        opened.ifPresent(file -> {
            try {
                file.channel.close();
            } catch (IOException e) {
                LOG.warn("{} could not be closed", path, e);
            }
        });
        opened = Optional.empty();
    }

    /** The file that now has the name. */
    private FileChannel current() throws IOException {
        if (opened.isPresent()
                && identity().filter(opened.get().identity::equals).isPresent()) {
            return opened.get().channel;
        }
        close();
        if (Files.exists(path) && !Files.isRegularFile(path)) { // opening a pipe waits for its reader
            throw new IOException(path + " is no regular file");
        }
        FileChannel channel = Files.getFileStore(folder()).supportsFileAttributeView("posix")
                ? FileChannel.open(
                        path,
                        APPEND,
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))
                : FileChannel.open(path, APPEND);
        opened = Optional.of(new Opened(channel, identity().orElse(channel)));
        return channel;
    }

    private Path folder() {
        return Optional.ofNullable(path.toAbsolutePath().getParent()).orElse(path);
    }

    /** What tells this file from a later one of the same name, such as its device and inode; empty if there is none. */
    private Optional<Object> identity() throws IOException {
        try {
            return Optional.ofNullable(
                    Files.readAttributes(path, BasicFileAttributes.class).fileKey());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** No half line and no batch twice, should there be room later. */
    private void cutBack(FileChannel channel, long length) {
        try {
            channel.truncate(length);
        } catch (IOException e) {
            LOG.debug("{} could not be cut back to {} bytes", path, length, e);
        }
    }

    private static void writeFully(FileChannel channel, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }
}
