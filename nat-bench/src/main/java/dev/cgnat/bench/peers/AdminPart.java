package dev.cgnat.bench.peers;

import dev.cgnat.bench.peers.Measurement.Column;
import dev.cgnat.bench.peers.PeersReport.Row;
import dev.cgnat.bench.peers.PeersReport.Table;
import dev.cgnat.bench.peers.work.AdminAnswers;
import dev.cgnat.bench.peers.work.AdminAnswers.Answers;
import dev.cgnat.bench.peers.work.WorkOrder;
import dev.cgnat.bench.peers.work.WorkResult;
import dev.cgnat.bench.peers.work.WorkResult.Figure;
import dev.cgnat.bench.report.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;

/** How fast the admin API answers while very many sessions live and flows come and go, and what the flows notice of it. */
final class AdminPart implements Part.Question {
    private static final int PORT = 9420;
    private static final String NOT_ASKED = "not asked";
    /** The same once more: how far its ratio is from 1 is the noise of this run. */
    private static final String NOT_ASKED_AGAIN = "not asked, again";
    /** What anybody who asks costs, on the processor that clients and server have: as many requests that look at nothing. */
    private static final String HEALTH_ASKED = "/healthz asked";

    private static final String ASKED = "asked";
    private static final List<String> HEALTH = List.of("/healthz");
    private static final double QUERIES_PER_SECOND = 10;
    private static final double FRESH_PER_SECOND = 1_000;
    /** A 99th percentile wants more than a median does: longer samples, and more of them. */
    private static final int LONGER = 2;

    private static final int MORE = 4;

    /** Java compiles what answers queries while they come, on the processors of the flows: it is measured when that is over. */
    private static final Duration WARM_UP = Duration.ofSeconds(30);

    private static final double WARM_UP_QUERIES_PER_SECOND = 40;
    /** {@link Lab#sample} may wait so long for a quiet machine before flows pass. */
    private static final Duration BEFORE_AND_AFTER = Duration.ofSeconds(2);

    /** Liveness probes come from the first second on; they also let the asking program become warm. */
    private static final int PROBES = 100;

    /** Milliseconds within which each should be answered. */
    private static final Map<String, Integer> LIMITS = limits();

    private static Map<String, Integer> limits() {
        Map<String, Integer> limits = new LinkedHashMap<>();
        List.of("/status", "/pools").forEach(path -> limits.put(path, 50));
        List.of(
                        "/sessions",
                        "/sessions?subscriber=s17",
                        "/sessions?src=10.0.3.0/24&limit=1000",
                        "/sessions?dst=192.0.2.7:80&sort=-age",
                        "/sessions?dst=:84&olderThan=1s&sort=-bytes",
                        "/sessions?externalIp=127.0.66.3&port=40000",
                        "/sessions?state=half_closed",
                        "/top?by=ports",
                        "/top?by=sessions",
                        "/top?by=new",
                        "/top?by=bytes",
                        "/top?of=destinations",
                        "/top?of=destinations&by=bytes")
                .forEach(path -> limits.put(path, 200));
        return limits;
    }

    private final List<String> paths =
            LIMITS.keySet().stream().map(path -> "/api/v1" + path).toList();

    @Override
    public List<Table> ask(Lab lab, Effort effort) throws PeersException {
        Peer crowd = new Peers(lab.options()).crowd("ours-crowd", PORT, effort.sessions());
        lab.startWarm(List.of(crowd));
        requireCrowd(lab, effort.sessions());
        WorkerProcess asker = lab.worker(lab.namespace(), "asker", "127.6.0.0/24");
        answers(asker, HEALTH, PROBES, Duration.ofSeconds(1));
        lab.say("admin: " + effort.sessions() + " sessions, the first answers");
        AdminAnswers first = answers(asker, paths, QUERIES_PER_SECOND, Duration.ZERO);
        lab.say("admin: flows, now and then with queries");
        List<AdminAnswers> later = new ArrayList<>();
        sampleAsked(lab, crowd, WARM_UP, asker, paths, WARM_UP_QUERIES_PER_SECOND);
        Measurement measured = new Measurement();
        Duration time = effort.time().multipliedBy(LONGER);
        List<String> turns = new ArrayList<>(List.of(NOT_ASKED, ASKED, NOT_ASKED_AGAIN, HEALTH_ASKED));
        for (int repeat = 0; repeat < MORE * effort.repeats(); repeat++) {
            for (String turn : turns) {
                switch (turn) {
                    case ASKED -> {
                        Asked asked = sampleAsked(lab, crowd, time, asker, paths, QUERIES_PER_SECOND);
                        later.add(asked.answers());
                        measured.add(turn, asked.sample());
                    }
                    case HEALTH_ASKED ->
                        measured.add(
                                turn,
                                sampleAsked(lab, crowd, time, asker, HEALTH, QUERIES_PER_SECOND)
                                        .sample());
                    default -> measured.add(turn, lab.sample(crowd, flows(crowd, time)));
                }
            }
            Collections.rotate(turns, 1); // each comes after each other
        }
        lab.stop(crowd);
        return List.of(
                new Table(
                        Part.ADMIN.label(),
                        "the admin API beside " + effort.sessions()
                                + " sessions and 1,000 fresh connections/s, 10 queries/s",
                        Optional.empty(),
                        LIMITS.entrySet().stream()
                                .map(limit -> row(limit.getKey(), limit.getValue(), first, later))
                                .toList()),
                new Table(
                        Part.ADMIN.label(),
                        "fresh connections with one request, 1,000/s, meanwhile",
                        Optional.of(NOT_ASKED),
                        Stream.of(NOT_ASKED, NOT_ASKED_AGAIN, HEALTH_ASKED, ASKED)
                                .map(turn -> flowsRow(crowd, turn, measured))
                                .toList()));
    }

    private record Asked(Sample sample, AdminAnswers answers) {}

    /** Flows for so long, and queries all that time. */
    private static Asked sampleAsked(
            Lab lab, Peer crowd, Duration time, WorkerProcess asker, List<String> paths, double rate)
            throws PeersException {
        CompletableFuture<AdminAnswers> answers = CompletableFuture.supplyAsync(() -> {
            try {
                return answers(asker, paths, rate, time.plus(BEFORE_AND_AFTER));
            } catch (PeersException e) {
                throw new CompletionException(e);
            }
        });
        Sample sample = lab.sample(crowd, flows(crowd, time));
        return new Asked(sample, join(answers));
    }

    private static void requireCrowd(Lab lab, int sessions) throws PeersException {
        Metrics metrics = new Metrics(lab.metrics(Peers.admin(PORT)));
        double live = metrics.sum("cgn_port_allocations_total", "").orElse(0)
                - metrics.sum("cgn_port_releases_total", "").orElse(0);
        if (live < sessions) {
            throw new PeersException("sessions: " + live + " (expected: " + sessions + " or more; see --keep-logs)");
        }
    }

    private static AdminAnswers answers(WorkerProcess asker, List<String> paths, double rate, Duration time)
            throws PeersException {
        WorkResult result = asker.ask(WorkOrder.ask(Peers.admin(PORT), paths, rate, time));
        return Json.read(result.text(), AdminAnswers.class);
    }

    private static AdminAnswers join(CompletableFuture<AdminAnswers> answers) throws PeersException {
        try {
            return answers.join();
        } catch (CompletionException e) {
            throw new PeersException(String.valueOf(e.getMessage()), e);
        }
    }

    private static WorkOrder flows(Peer crowd, Duration time) {
        return WorkOrder.freshFlows(crowd.via(), crowd.target(), FRESH_PER_SECOND, time);
    }

    private static Row flowsRow(Peer crowd, String name, Measurement measured) {
        return measured.row(
                crowd.by(name, crowd.via(), crowd.target()),
                Optional.of(NOT_ASKED),
                List.of(
                        new Column("p99 µs", sample -> sample.result().figure(Figure.P99_MICROS)),
                        new Column("p50 µs", sample -> sample.result().figure(Figure.P50_MICROS)),
                        new Column(
                                "CPU ms/s",
                                sample -> 1e3
                                        * sample.processorSeconds()
                                        / sample.result().seconds()),
                        new Column("conn/s", Sample::donePerSecond)));
    }

    private static Row row(String path, int limit, AdminAnswers first, List<AdminAnswers> later) {
        String asked = "/api/v1" + path;
        Answers answer = Objects.requireNonNull(first.paths().get(asked));
        double cold = answer.millis().get(0);
        double[] warm = later.stream()
                .map(run -> run.paths().get(asked))
                .flatMap(answers -> answers.millis().stream())
                .mapToDouble(Double::doubleValue)
                .sorted()
                .toArray();
        double worst = warm[warm.length - 1];
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("first ms", PeersReport.rounded(cold));
        figures.put("median ms", PeersReport.rounded(Measurement.median(warm).orElse(0)));
        figures.put("worst ms", PeersReport.rounded(worst));
        figures.put("limit ms", (double) limit);
        figures.put("bytes", (double) answer.bytes());
        boolean isOver = Math.max(cold, worst) >= limit;
        OptionalDouble none = OptionalDouble.empty();
        Optional<String> note = isOver ? Optional.of("over the limit") : Optional.empty();
        return new Row(path, 1 + warm.length, figures, none, none, none, note);
    }
}
