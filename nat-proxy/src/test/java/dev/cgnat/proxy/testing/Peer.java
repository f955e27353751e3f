package dev.cgnat.proxy.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A process that opens and serves connections where a test cannot: in another network namespace. It does what its standard input
 * says, one line each, and answers by one line; it ends with its input.
 *
 * <pre>
 *   serve ADDRESS PORT                             ok
 *   open NAME SOURCE SOURCE-PORT ADDRESS PORT MS   connected GREETING | refused | reset | timeout | unreachable
 *   ask NAME TEXT                                  what came back, up to the end of the line
 *   close NAME                                     ok
 * </pre>
 *
 * <p>Every server greets with the address and port that it sees, then says what it hears. Source {@code -} and port 0 are the
 * kernel's choice; a flow is only then connected when its greeting is there.
 */
public final class Peer {
    private static final int GUARD_MILLIS = 60_000;

    private final Map<String, Socket> flows = new HashMap<>();

    private Peer() {}

    public static void main(String[] arguments) throws IOException {
        Peer peer = new Peer();
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        System.out.println("ready");
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            System.out.println(peer.answer(line.split(" ", -1)));
        }
        Runtime.getRuntime().halt(0); // servers may still be waiting
    }

    private String answer(String[] words) throws IOException {
        return switch (words[0]) {
            case "serve" -> serve(words[1], Integer.parseInt(words[2]));
            case "open" -> open(words);
            case "ask" -> ask(flow(words[1]), words[2]);
            case "close" -> {
                flow(words[1]).close();
                yield "ok";
            }
            default -> "unknown: " + words[0];
        };
    }

    private String open(String[] words) throws IOException {
        Socket socket = new Socket();
        try {
            socket.setReuseAddress(true);
            if (!words[2].equals("-")) {
                socket.bind(new InetSocketAddress(InetAddress.getByName(words[2]), Integer.parseInt(words[3])));
            }
            int limitMillis = Integer.parseInt(words[6]);
            socket.connect(
                    new InetSocketAddress(InetAddress.getByName(words[4]), Integer.parseInt(words[5])), limitMillis);
            socket.setSoTimeout(limitMillis);
            String greeting = readLine(socket);
            flows.put(words[1], socket);
            return "connected " + greeting;
        } catch (SocketTimeoutException e) {
            socket.close();
            return "timeout";
        } catch (NoRouteToHostException e) {
            return "unreachable";
        } catch (ConnectException e) {
            return "refused";
        } catch (SocketException e) {
            socket.close();
            return "reset";
        }
    }

    private Socket flow(String name) {
        return Objects.requireNonNull(flows.get(name), name);
    }

    private static String ask(Socket socket, String text) throws IOException {
        socket.setSoTimeout(GUARD_MILLIS);
        socket.getOutputStream().write((text + "\n").getBytes(StandardCharsets.UTF_8));
        return readLine(socket);
    }

    /** Byte by byte, as what comes behind is not read yet. */
    private static String readLine(Socket socket) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = socket.getInputStream().read();
                next != '\n';
                next = socket.getInputStream().read()) {
            if (next < 0) {
                throw new SocketException("FIN after " + line);
            }
            line.append((char) next);
        }
        return line.toString();
    }

    private static String serve(String address, int port) throws IOException {
        ServerSocket server = new ServerSocket();
        server.setReuseAddress(true);
        server.bind(new InetSocketAddress(InetAddress.getByName(address), port), 1000);
        start(() -> {
            while (true) {
                Socket client = server.accept();
                start(() -> greetAndEcho(client));
            }
        });
        return "ok";
    }

    private static void greetAndEcho(Socket client) throws IOException {
        try (client) {
            String peer = client.getInetAddress().getHostAddress() + " " + client.getPort() + "\n";
            client.getOutputStream().write(peer.getBytes(StandardCharsets.UTF_8));
            client.getInputStream().transferTo(client.getOutputStream());
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void start(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException e) {
                // The other side has gone, as tests let it.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }
}
