package dev.cgnat.proxy.testing;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the events of the admin API as they come. */
public final class EventReader implements Closeable {
    private final Socket socket;
    private final List<Event> events = new CopyOnWriteArrayList<>();

    /** One event; {@code id} is 0 if it has none. */
    public record Event(long id, String type, JsonNode data) {}

    /** Returns when the server has begun to answer. */
    public EventReader(InetSocketAddress address, String query, String... headers) throws IOException {
        socket = new Socket(address.getAddress(), address.getPort());
        String more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
        socket.getOutputStream()
                .write(("GET /api/v1/events" + query + " HTTP/1.1\r\nHost: localhost\r\n" + more + "\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        BufferedReader reader =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        String status = reader.readLine();
        if (status == null || !status.contains(" 200 ")) {
            throw new IOException(String.valueOf(status));
        }
        Thread thread = new Thread(() -> read(reader), "events");
        thread.setDaemon(true);
        thread.start();
    }

    public List<Event> events() {
        return events;
    }

    public List<Event> events(String type) {
        return events.stream().filter(event -> event.type().equals(type)).toList();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** The sizes of chunks look like no field of an event, so they are passed over. */
    private void read(BufferedReader reader) {
        JsonMapper json = new JsonMapper();
        long id = 0;
        String type = "";
        try {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (line.startsWith("id: ")) {
                    id = Long.parseLong(line.substring(4));
                } else if (line.startsWith("event: ")) {
                    type = line.substring(7);
                } else if (line.startsWith("data: ")) {
                    events.add(new Event(id, type, json.readTree(line.substring(6))));
                    id = 0;
                }
            }
        } catch (IOException e) {
            return; // closed
        }
    }
}
