package dev.cgnat.bench.peers;

import dev.cgnat.bench.peers.work.WorkOrder;
import dev.cgnat.bench.peers.work.WorkResult;
import dev.cgnat.bench.report.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** A {@link dev.cgnat.bench.peers.work.Worker} in a process of its own. It ends when this program does. */
final class WorkerProcess {
    private final PrintWriter orders;
    private final BufferedReader results;

    WorkerProcess(Process process) {
        orders = new PrintWriter(process.getOutputStream(), true, StandardCharsets.UTF_8);
        results = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Waits until it is done. */
    WorkResult ask(WorkOrder order) throws PeersException {
        orders.println(Json.line(order));
        try {
            String line = results.readLine();
            if (line == null) {
                throw new PeersException("a worker has ended during " + order.kind() + " (expected: a result)");
            }
            return Json.read(line, WorkResult.class);
        } catch (IOException e) {
            throw new PeersException("a worker has ended during " + order.kind() + " (expected: a result)", e);
        }
    }
}
