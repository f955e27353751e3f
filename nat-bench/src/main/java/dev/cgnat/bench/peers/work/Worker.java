package dev.cgnat.bench.peers.work;

import dev.cgnat.bench.load.Loops;
import dev.cgnat.bench.load.Sources;
import dev.cgnat.bench.report.Json;
import io.netty.util.concurrent.EventExecutor;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Carries out {@link WorkOrder}s, one line of JSON each, until its input ends; answers each with a {@link WorkResult}. */
public final class Worker implements AutoCloseable {
    private static final int SUBSCRIBERS = 250;
    private static final long AWAIT_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Sources sources;
    private final Loops loops = Loops.start("peers-worker", 1);
    private final EventExecutor loop = loops.group().next();
    private final HeldFlows held = new HeldFlows(loop);
    private final AdminQueries queries = new AdminQueries();
    private final FlowLedger ledger = new FlowLedger(System::nanoTime);

    /** @param sources prefix of the clients' addresses */
    public Worker(String sources) {
        this.sources = Sources.of(sources, SUBSCRIBERS, Sources.ALL_PORTS, System.nanoTime());
    }

    /** Returns at the end of {@code orders}. */
    public void run(BufferedReader orders, PrintWriter results) throws IOException, InterruptedException {
        for (String line = orders.readLine(); line != null; line = orders.readLine()) {
            results.println(Json.line(carryOut(Json.read(line, WorkOrder.class))));
            results.flush();
        }
    }

    private WorkResult carryOut(WorkOrder order) throws IOException, InterruptedException {
        return switch (order.kind()) {
            case SERVE -> serve(order);
            case RECORD -> {
                ledger.begin();
                yield WorkResult.ofText("");
            }
            case TELL -> ledger.tell();
            case SHORT -> ShortFlows.run(order, connector(order), loop).join();
            case REQUESTS -> RequestFlows.run(order, connector(order), loop).join();
            case UPLOAD, DOWNLOAD ->
                BulkFlows.run(order, connector(order), loop).join();
            case HOLD -> held.hold(order, connector(order)).join();
            case CHECK -> held.check().join();
            case RELEASE -> held.release().join();
            case METRICS -> WorkResult.ofText(metrics(order.targets().get(0)));
            case ASK -> WorkResult.ofText(Json.line(queries.ask(order)));
            case AWAIT -> await(order);
        };
    }

    private Connector connector(WorkOrder order) {
        return new Connector(loops, sources, order);
    }

    private WorkResult serve(WorkOrder order) {
        Backend backend = new Backend(loops, ledger);
        order.targets().forEach(target -> backend.listen(Backend.address(target)));
        return WorkResult.ofText("");
    }

    private static String metrics(String target) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + target + "/metrics"))
                .header("Accept", "text/plain; version=0.0.4")
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static WorkResult await(WorkOrder order) {
        long end = System.nanoTime() + AWAIT_NANOS;
        for (String target : order.targets()) {
            while (!accepts(target)) {
                if (System.nanoTime() - end > 0) {
                    return WorkResult.ofText(target);
                }
                LockSupport.parkNanos(POLL_NANOS);
            }
        }
        return WorkResult.ofText("");
    }

    private static boolean accepts(String target) {
        try (Socket socket = new Socket()) {
            socket.connect(Backend.address(target));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        loops.close();
    }
}
