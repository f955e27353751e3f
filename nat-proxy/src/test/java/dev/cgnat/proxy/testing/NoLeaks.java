package dev.cgnat.proxy.testing;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/** Fails a test class during which Netty reported a buffer that was dropped without being released. */
public final class NoLeaks implements BeforeAllCallback, AfterAllCallback {
    private static final long GUARD_MILLIS = 60_000;

    private static final Queue<String> REPORTS = new ConcurrentLinkedQueue<>();

    @Override
    public void beforeAll(ExtensionContext context) {
        assertThat(ResourceLeakDetector.getLevel()).isEqualTo(ResourceLeakDetector.Level.PARANOID);
        Logger logger = (Logger) LoggerFactory.getLogger(ResourceLeakDetector.class);
        if (logger.getAppender(Collector.NAME) == null) {
            Collector collector = new Collector();
            collector.setName(Collector.NAME);
            collector.setContext(logger.getLoggerContext());
            collector.start();
            logger.addAppender(collector);
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        assertThat(reports()).isEmpty();
    }

    /** All reports so far; every buffer that nobody reaches any more is found first. Costs two collections. */
    public static List<String> reports() {
        collectGarbage();
        PooledByteBufAllocator.DEFAULT.buffer().release(); // the detector looks for leaks when it begins to track
        collectGarbage();
        PooledByteBufAllocator.DEFAULT.buffer().release();
        return List.copyOf(REPORTS);
    }

    /** Returns when a collection has enqueued references, as the detector's are. */
    private static void collectGarbage() {
        ReferenceQueue<Object> queue = new ReferenceQueue<>();
        WeakReference<Object> sentinel = new WeakReference<>(new Object(), queue);
        System.gc();
        try {
            assertThat(queue.remove(GUARD_MILLIS)).isSameAs(sentinel);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static final class Collector extends AppenderBase<ILoggingEvent> {
        static final String NAME = "leaks";

        @Override
        protected void append(ILoggingEvent event) {
            REPORTS.add(event.getFormattedMessage());
        }
    }
}
