package dev.cgnat.proxy;

import dev.cgnat.core.CloseCause;
import dev.cgnat.core.config.BlockGrowth;
import dev.cgnat.core.config.PortBlockConfig;
import dev.cgnat.proxy.session.Session;
import dev.cgnat.proxy.testing.Proxies;
import dev.cgnat.proxy.testing.SyntheticSessions;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How fast the admin API answers while very many sessions live, and what the registry costs the data path. Arguments: the
 * number of sessions (200000) and of subscribers (5000). The sessions are granted by the NAT and entered as any other, but have no sockets.
 */
final class AdminLoad {
    private static final int ROUNDS = 25;
    private static final List<String> PATHS = List.of(
            "/status",
            "/pools",
            "/sessions",
            "/sessions?subscriber=s17",
            "/sessions?dst=192.0.2.7:80&sort=-age",
            "/sessions?state=half_closed",
            "/top?by=ports",
            "/top?by=bytes");

    private AdminLoad() {}

    public static void main(String[] args) throws Exception {
        int count = args.length > 0 ? Integer.parseInt(args[0]) : 200_000;
        int subscribers = args.length > 1 ? Integer.parseInt(args[1]) : 5_000;
        EventLoop loop = new DefaultEventLoop();
        try (NatProxy proxy = NatProxy.start(Proxies.with(Proxies.pool("127.0.16.1", "127.0.16.8", 1024, 65_535)
                        .withBlocks(new PortBlockConfig(64, 64, BlockGrowth.ONE)))
                .config())) {
            List<Session> sessions = open(proxy, loop, count, subscribers);
            registry(proxy, sessions);
            sessions.forEach(proxy.sessions()::add);
            System.out.printf("%d sessions of %d subscribers, %d rounds%n", count, subscribers, ROUNDS);
            HttpClient client = HttpClient.newHttpClient();
            for (String path : PATHS) {
                ask(client, proxy, path);
            }
        } finally {
            loop.shutdownGracefully();
        }
    }

    private static List<Session> open(NatProxy proxy, EventLoop loop, int count, int subscribers) {
        SyntheticSessions flows = new SyntheticSessions(proxy.gate(), loop);
        List<Session> sessions = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            Session session = flows.open("s" + i % subscribers);
            ((SyntheticSessions.Stage) session.stage()).carried(i);
            sessions.add(session);
        }
        return sessions;
    }

    /** Entered and left in order, {@code count} at a time, as often as the machine warms up. */
    private static void registry(NatProxy proxy, List<Session> sessions) {
        long best = Long.MAX_VALUE;
        for (int round = 0; round < 10; round++) {
            long start = System.nanoTime();
            sessions.forEach(proxy.sessions()::add);
            sessions.forEach(session -> proxy.sessions().remove(session, CloseCause.RESET));
            best = Math.min(best, System.nanoTime() - start);
        }
        System.out.printf(
                Locale.ROOT, "registry: %d ns to enter and leave, with what is counted%n", best / sessions.size());
    }

    private static void ask(HttpClient client, NatProxy proxy, String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + proxy.adminAddress().getPort() + "/api/v1" + path))
                .build();
        double[] millis = new double[ROUNDS];
        int length = 0;
        for (int i = 0; i < ROUNDS; i++) {
            long start = System.nanoTime();
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            millis[i] = (System.nanoTime() - start) / 1e6;
            length = response.body().length();
            if (response.statusCode() != 200) {
                throw new IOException(path + ": " + response.statusCode());
            }
        }
        double first = millis[0];
        Arrays.sort(millis);
        System.out.printf(
                Locale.ROOT,
                "%-40s first %6.1f ms  median %6.1f ms  worst %6.1f ms  %7d bytes%n",
                path,
                first,
                millis[ROUNDS / 2],
                millis[ROUNDS - 1],
                length);
    }
}
