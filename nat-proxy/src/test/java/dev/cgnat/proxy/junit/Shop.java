package dev.cgnat.proxy.junit;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/** A program that orders from a backend, in the two ways in which programs do. */
final class Shop {
    private static final byte[] REQUEST =
            "GET /order HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII); // the server ends it

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final InetSocketAddress backend;

    Shop(InetSocketAddress backend) {
        this.backend = backend;
    }

    static HttpServer startBackend() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/order", exchange -> {
            byte[] answer = "done".getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        return server;
    }

    /** Over a connection that the client keeps. */
    void order() throws IOException, InterruptedException {
        requireDone(client.send(request(), BodyHandlers.ofString()).body());
    }

    /** The same, without waiting for it. */
    CompletableFuture<Void> orderLater() {
        return client.sendAsync(request(), BodyHandlers.ofString()).thenAccept(answer -> requireDone(answer.body()));
    }

    private HttpRequest request() {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + backend.getPort() + "/order"))
                .build();
    }

    /** Over a connection for this order alone. */
    void orderAlone(Proxy way) throws IOException {
        try (Socket socket = new Socket(way)) {
            socket.connect(backend);
            socket.getOutputStream().write(REQUEST);
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            requireDone(answer.substring(answer.length() - 4));
        }
    }

    private static void requireDone(String answer) {
        if (!answer.equals("done")) {
            throw new IllegalStateException("answer: " + answer + " (expected: done)");
        }
    }
}
