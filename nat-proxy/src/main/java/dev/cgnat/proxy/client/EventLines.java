package dev.cgnat.proxy.client;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A stream of server-sent events, one at a time. The next line is asked for when one is taken, so what waits stays with the proxy.
 *
 * <p>The HTTP client's thread puts lines in, one thread takes events out.
 */
final class EventLines implements Flow.Subscriber<String>, AutoCloseable {
    /** The proxy says something every 15 s, if only that it lives. */
    private static final Duration SILENCE = Duration.ofSeconds(45);

    private static final int AHEAD = 256;

    private final BlockingQueue<Optional<String>> lines = new LinkedBlockingQueue<>();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final JsonMapper json;
    private volatile Flow.@Nullable Subscription subscription;
    private volatile boolean isStream;

    EventLines(JsonMapper json) {
        this.json = json;
    }

    /** @param type what the proxy calls it, or {@code gap} */
    record Event(String type, JsonNode data) {}

    /** Waits for the first line; false if the answer is no stream or ended before. */
    boolean hasBegun(Duration patience) throws InterruptedException {
        return begun.await(patience.toSeconds(), TimeUnit.SECONDS) && isStream;
    }

    /** Waits for the next event; empty when the stream has ended. */
    Optional<Event> next() throws ClientException, InterruptedException {
        String type = "message";
        StringBuilder data = new StringBuilder();
        while (true) {
            Optional<String> line = lines.poll(SILENCE.toSeconds(), TimeUnit.SECONDS);
            if (line == null) {
                throw ClientException.unreachable(
                        "no word for " + SILENCE.toSeconds() + " s (expected: one every 15 s)");
            }
            if (line.isEmpty()) {
                return Optional.empty();
            }
            requestMore();
            String text = line.get();
            if (text.startsWith("event:")) {
                type = text.substring("event:".length()).strip();
            } else if (text.startsWith("data:")) {
                data.append(text.substring("data:".length()).strip());
            } else if (text.isEmpty() && data.length() > 0) {
                return Optional.of(new Event(type, json.readTree(data.toString())));
            }
        }
    }

    /** No line comes any more. */
    void end() {
        lines.add(Optional.empty());
        begun.countDown();
    }

    private void requestMore() {
        Flow.Subscription upstream = subscription;
        if (upstream != null) {
            upstream.request(1);
        }
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
        isStream = true;
        given.request(AHEAD);
    }

    @Override
    public void onNext(String line) {
        lines.add(Optional.of(line));
        begun.countDown();
    }

    @Override
    public void onError(Throwable failure) {
        end();
    }

    @Override
    public void onComplete() {
        end();
    }

    @Override
    public void close() {
        Flow.Subscription upstream = subscription;
        if (upstream != null) {
            upstream.cancel();
        }
    }
}
