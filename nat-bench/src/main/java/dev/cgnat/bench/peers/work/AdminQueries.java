package dev.cgnat.bench.peers.work;

import dev.cgnat.bench.peers.work.AdminAnswers.Answers;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** GETs of a proxy's admin listener, one at a time, in turn, at a rate; answers are counted, not kept. */
/*
 * By the simplest client that Java has, which does all on this thread: it shares a processor with those whom it must not disturb.
 */
final class AdminQueries {
    /** Asks until the time is over, but each path once at least. */
    AdminAnswers ask(WorkOrder order) throws IOException {
        String base = "http://" + order.targets().get(0);
        List<String> paths = order.targets().subList(1, order.targets().size());
        double gapNanos = TimeUnit.SECONDS.toNanos(1) / order.rate();
        Map<String, Answers> answers = new LinkedHashMap<>();
        long start = System.nanoTime();
        for (int turn = 0; turn < paths.size() || System.nanoTime() - start < order.seconds() * 1e9; turn++) {
            LockSupport.parkNanos(start + (long) (turn * gapNanos) - System.nanoTime());
            String path = paths.get(turn % paths.size());
            answers.merge(path, ask(base + path), AdminQueries::together);
        }
        return new AdminAnswers(answers);
    }

    private static Answers ask(String url) throws IOException {
        long start = System.nanoTime();
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(url).toURL().openConnection();
        long bytes;
        try (InputStream body = connection.getInputStream()) {
            bytes = body.transferTo(OutputStream.nullOutputStream());
        }
        double millis = (System.nanoTime() - start) / 1e6;
        if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
            throw new IOException(url + ": " + connection.getResponseCode() + " (expected: 200)");
        }
        return new Answers(List.of(millis), (int) bytes);
    }

    private static Answers together(Answers before, Answers now) {
        List<Double> all = new ArrayList<>(before.millis());
        all.addAll(now.millis());
        return new Answers(all, now.bytes());
    }
}
