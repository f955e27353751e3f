package dev.cgnat.bench.trace;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.LongConsumer;
import java.util.zip.GZIPInputStream;

/** The content of a file, unpacked if it is gzip, of which the beginning can be looked at. */
final class LogStream {
    private static final int BUFFER = 1 << 16;
    private static final int BEGINNING = 1 << 13;

    private LogStream() {}

    /**
     * Unpacks {@code in} if its first bytes say so.
     *
     * @param readBytes told how many bytes were read more
     */
    static BufferedInputStream open(InputStream in, LongConsumer readBytes) throws IOException {
        BufferedInputStream raw = new EndAware(new Counted(in, readBytes), BUFFER);
        raw.mark(2);
        boolean isGzip = raw.read() == 0x1f && raw.read() == 0x8b;
        raw.reset();
        return isGzip ? new BufferedInputStream(new GZIPInputStream(raw, BUFFER), BUFFER) : raw;
    }

    /** The first characters, which will be read again. */
    static String beginning(BufferedInputStream in) throws IOException {
        in.mark(BEGINNING);
        String text = new String(in.readNBytes(BEGINNING), StandardCharsets.UTF_8);
        in.reset();
        return text;
    }

    /**
     * Says that something is available unless it is at the end, even if the source would have to be waited for: the reader of
     * gzip takes none for the end, and would leave out all members but the first of what comes through a pipe.
     */
    private static final class EndAware extends BufferedInputStream {
        EndAware(InputStream in, int size) {
            super(in, size);
        }

        @Override
        public synchronized int available() throws IOException {
            if (pos < count) {
                return count - pos;
            }
            mark(1);
            int next = read();
            reset();
            return next < 0 ? 0 : 1;
        }
    }

    private static final class Counted extends FilterInputStream {
        private final LongConsumer readBytes;

        Counted(InputStream in, LongConsumer readBytes) {
            super(in);
            this.readBytes = readBytes;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count = super.read(buffer, offset, length);
            if (count > 0) {
                readBytes.accept(count);
            }
            return count;
        }
    }
}
