package dev.cgnat.bench.peers.work;

import dev.cgnat.bench.peers.work.AdminAnswers.Answers;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** GETs of a proxy's admin listener, one at a time, in turn, at a rate. */
final class AdminQueries {
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** Asks until the time is over, but each path once at least. */
    AdminAnswers ask(WorkOrder order) throws IOException, InterruptedException {
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

    private Answers ask(String url) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url)).build();
        long start = System.nanoTime();
        HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        double millis = (System.nanoTime() - start) / 1e6;
        if (response.statusCode() != 200) {
            throw new IOException(url + ": " + response.statusCode() + " (expected: 200)");
        }
        return new Answers(List.of(millis), response.body().length);
    }

    private static Answers together(Answers before, Answers now) {
        List<Double> all = new ArrayList<>(before.millis());
        all.addAll(now.millis());
        return new Answers(all, now.bytes());
    }
}
