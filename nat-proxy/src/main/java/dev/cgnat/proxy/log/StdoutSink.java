package dev.cgnat.proxy.log;

import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;

/** Lines on the standard output of the process, for whatever collects that. */
final class StdoutSink implements Sink {
    private final LineFormat format;
    private final FileOutputStream out = new FileOutputStream(FileDescriptor.out); // System.out would hide failures
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();

    StdoutSink(LineFormat format) {
        this.format = format;
        pending.writeBytes(format.header());
    }

    @Override
    public void add(LogRecord record) {
        pending.writeBytes(format.line(record));
    }

    @Override
    public void flush() throws IOException {
        out.write(pending.toByteArray());
        pending.reset();
    }

    /** The standard output is not ours to close. */
    @Override
    public void close() {}
}
