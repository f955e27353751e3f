package dev.cgnat.proxy.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cgnat.proxy.config.ListenerConfig.Target;
import dev.cgnat.proxy.config.LogSink;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class IpfixSinkTest {
    private static final LogRecord RECORD = SampleRecords.ofIpfix().get(0);

    private final MovableClock clock = new MovableClock();

    @Test
    void everyDatagramFitsAndTheSequenceCountsRecords() throws IOException {
        try (DatagramSocket collector = collector();
                IpfixSink sink = sink(collector)) {
            int records = 500;
            for (int i = 0; i < records; i++) {
                sink.add(RECORD);
            }
            sink.flush();

            assertThat(isOfTemplates(receive(collector))).isTrue();
            int read = 0;
            while (read < records) {
                ByteBuffer message = receive(collector);
                assertThat(message.remaining()).isLessThanOrEqualTo(IpfixEncoder.MAX_MESSAGE);
                assertThat(message.getShort(0)).isEqualTo((short) 10);
                assertThat(message.getShort(2)).isEqualTo((short) message.remaining());
                assertThat(message.getInt(IpfixEncoder.SEQUENCE_AT)).isEqualTo(read);
                assertThat(message.getInt(12)).isEqualTo(9);
                read += (message.remaining() - 20) / 28; // 28 octets: 22 and the destination
            }
            assertThat(read).isEqualTo(records);
        }
    }

    @Test
    void templatesComeAgainAfterAMinuteAndAfterManyRecords() throws IOException {
        try (DatagramSocket collector = collector();
                IpfixSink sink = sink(collector)) {
            assertThat(templatesOf(sink, collector)).isTrue();
            clock.now = clock.now.plusSeconds(IpfixSink.TEMPLATE_SECONDS - 1);
            assertThat(templatesOf(sink, collector)).isFalse();
            clock.now = clock.now.plusSeconds(1);
            assertThat(templatesOf(sink, collector)).isTrue();
            for (int i = 1; i < IpfixSink.TEMPLATE_RECORDS; i++) {
                assertThat(templatesOf(sink, collector)).isFalse();
            }
            assertThat(templatesOf(sink, collector)).isTrue();
        }
    }

    @Test
    void aCollectorThatComesBackGetsTheTemplatesBeforeWhatItMissed() throws IOException {
        int port;
        try (DatagramSocket collector = collector()) {
            port = collector.getLocalPort();
        }
        try (IpfixSink sink = new IpfixSink(config(port), encoder(), clock)) {
            sink.add(RECORD);
            assertThatThrownBy(() -> {
                        sink.flush(); // of which nobody may have heard yet
                        sink.add(RECORD);
                        sink.flush();
                    })
                    .isInstanceOf(IOException.class);
            assertThatThrownBy(sink::flush).isInstanceOf(IOException.class);
            try (DatagramSocket collector =
                    new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
                collector.setSoTimeout(60_000);
                sink.flush();
                ByteBuffer first = receive(collector);
                assertThat(isOfTemplates(first)).isTrue();
                ByteBuffer second = receive(collector);
                assertThat(isOfTemplates(second)).isFalse();
                assertThat(second.getInt(IpfixEncoder.SEQUENCE_AT)).isEqualTo(first.getInt(IpfixEncoder.SEQUENCE_AT));
            }
        }
    }

    private static boolean templatesOf(IpfixSink sink, DatagramSocket collector) throws IOException {
        sink.add(RECORD);
        sink.flush();
        boolean isOfTemplates = isOfTemplates(receive(collector));
        if (isOfTemplates) {
            receive(collector);
        }
        return isOfTemplates;
    }

    private static boolean isOfTemplates(ByteBuffer message) {
        return IpfixEncoder.isOfTemplates(message);
    }

    private IpfixSink sink(DatagramSocket collector) {
        return new IpfixSink(config(collector.getLocalPort()), encoder(), clock);
    }

    private static LogSink.Ipfix config(int port) {
        return new LogSink.Ipfix(new Target("127.0.0.1", port), 9);
    }

    private static IpfixEncoder encoder() {
        return new IpfixEncoder(9, true, false, List.of("main"));
    }

    private static DatagramSocket collector() throws IOException {
        DatagramSocket socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        socket.setSoTimeout(60_000);
        return socket;
    }

    private static ByteBuffer receive(DatagramSocket collector) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[2_000], 2_000);
        collector.receive(packet);
        return ByteBuffer.wrap(packet.getData(), 0, packet.getLength()).slice();
    }

    private static final class MovableClock extends Clock {
        private Instant now = SampleRecords.TIME;

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return Clock.offset(this, Duration.ZERO);
        }

        @Override
        public Instant instant() {
            return now;
        }
    }
}
