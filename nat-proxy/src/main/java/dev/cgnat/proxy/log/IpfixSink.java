package dev.cgnat.proxy.log;

import dev.cgnat.proxy.config.LogSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * IPFIX over UDP (RFC 7011 section 10.3). Templates go first, again after {@link #TEMPLATE_SECONDS} or {@link #TEMPLATE_RECORDS}
 * records, whichever is sooner, as a collector may begin at any time (section 8.4), and after every failure.
 */
final class IpfixSink implements Sink {
    static final int TEMPLATE_SECONDS = 60;
    static final int TEMPLATE_RECORDS = 4_096;

    private final IpfixEncoder encoder;
    private final UdpSender sender;
    private final Clock clock;
    private final Deque<ByteBuffer> pending = new ArrayDeque<>();
    private long templatesDueMillis;
    private int sinceTemplates;

    IpfixSink(LogSink.Ipfix config, IpfixEncoder encoder, Clock clock) {
        this.encoder = encoder;
        this.clock = clock;
        sender = new UdpSender(config.collector());
    }

    @Override
    public void add(LogRecord record) {
        if (sinceTemplates >= TEMPLATE_RECORDS || clock.millis() >= templatesDueMillis) {
            take();
            addTemplates();
        }
        sinceTemplates++;
        if (!encoder.add(record)) {
            take();
            encoder.add(record);
        }
    }

    @Override
    public void flush() throws IOException {
        take();
        try {
            for (ByteBuffer next = pending.peek(); next != null; next = pending.peek()) {
                sender.send(next);
                pending.remove();
            }
        } catch (IOException e) {
            templatesGoFirst();
            throw e;
        }
    }

    @Override
    public void close() {
        sender.close();
    }

    /** A collector that comes back may have forgotten them. They count as no record, so the number of the next message holds. */
    private void templatesGoFirst() {
        ByteBuffer next = pending.element();
        if (IpfixEncoder.isOfTemplates(next)) {
            return;
        }
        encoder.addTemplates();
        pending.addFirst(encoder.take(clock.millis() / 1_000)
                .putInt(IpfixEncoder.SEQUENCE_AT, next.getInt(IpfixEncoder.SEQUENCE_AT)));
    }

    private void addTemplates() {
        encoder.addTemplates();
        take();
        sinceTemplates = 0;
        templatesDueMillis = clock.millis() + TEMPLATE_SECONDS * 1_000L;
    }

    private void take() {
        if (!encoder.isEmpty()) {
            pending.add(encoder.take(clock.millis() / 1_000));
        }
    }
}
