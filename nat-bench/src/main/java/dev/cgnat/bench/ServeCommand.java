package dev.cgnat.bench;

import dev.cgnat.bench.load.Endpoints;
import dev.cgnat.bench.load.Sighting;
import dev.cgnat.bench.load.SinkListener;
import dev.cgnat.bench.load.SinkServer;
import dev.cgnat.bench.report.Json;
import dev.cgnat.bench.report.Numbers;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A sink that echoes, and records every peer that it saw. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = "Echoes every byte, and prints who connected from where, and when.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
final class ServeCommand implements Callable<Integer> {
    /** Lines that may wait for a slow reader of standard output before the sink itself waits. */
    private static final int QUEUE = 100_000;

    private enum Format {
        TEXT,
        JSONL
    }

    private enum What {
        OPEN,
        CLOSE
    }

    /** One line of output. */
    private record Line(String event, String peer, String local, String time, OptionalDouble seconds) {}

    private record Event(What what, Sighting sighting, Instant time) {}

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT[-PORT][,...]",
            required = true,
            description = "where; port 0 takes a free one")
    private String listen;

    @Option(
            names = "-o",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text or jsonl (default: ${DEFAULT-VALUE})")
    private Format format;

    @Option(
            names = "--tell",
            description = "do not echo: tell each client whom the sink sees, and close as it asks, for natbench grade"
                    + " --remote")
    private boolean tell;

    @Override
    public Integer call() throws Exception {
        List<InetSocketAddress> addresses = addresses();
        LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>(QUEUE);
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        try (SinkServer server =
                SinkServer.start(addresses, new Recorder(events), tell ? SinkServer.Talk.TELL : SinkServer.Talk.ECHO)) {
            server.addresses().forEach(address -> err.println("listening on " + Endpoints.text(address)));
            err.flush();
            while (!Thread.currentThread().isInterrupted()) {
                out.println(text(events.take()));
                if (events.isEmpty()) {
                    out.flush();
                }
            }
        }
        return ExitCode.OK;
    }

    private List<InetSocketAddress> addresses() {
        try {
            return Endpoints.parseList(listen).stream().map(Endpoints::resolved).toList();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "listen: " + e.getMessage(), e);
        }
    }

    private String text(Event event) {
        Sighting sighting = event.sighting();
        OptionalDouble seconds = sighting.closeNanos().isPresent()
                ? OptionalDouble.of(
                        Numbers.decimals((sighting.closeNanos().getAsLong() - sighting.openNanos()) / 1e9, 6))
                : OptionalDouble.empty();
        Line line = new Line(
                event.what().name().toLowerCase(Locale.ROOT),
                sighting.peer().toString(),
                sighting.local().toString(),
                event.time().toString(),
                seconds);
        return format == Format.JSONL
                ? Json.line(line)
                : String.format(
                        Locale.ROOT,
                        "%s  %-5s  %s -> %s%s",
                        line.time(),
                        line.event(),
                        line.peer(),
                        line.local(),
                        seconds.isPresent() ? String.format(Locale.ROOT, "  %.3f s", seconds.getAsDouble()) : "");
    }

    /** Hands over to the thread that prints. A full queue stops the sink rather than lose a line. */
    private record Recorder(LinkedBlockingQueue<Event> events) implements SinkListener {
        @Override
        public void opened(Sighting sighting) {
            put(new Event(What.OPEN, sighting, Instant.now()));
        }

        @Override
        public void closed(Sighting sighting) {
            put(new Event(What.CLOSE, sighting, Instant.now()));
        }

        private void put(Event event) {
            try {
                events.put(event);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
