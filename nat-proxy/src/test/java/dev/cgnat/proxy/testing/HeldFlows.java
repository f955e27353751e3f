package dev.cgnat.proxy.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A program that plays clients and servers of one namespace; see {@link KernelNat#open}. */
public final class HeldFlows {
    /** The kernel answers a flow that it does not translate with silence. */
    private static final int ANSWERED_WITHIN_MILLIS = 900;

    private HeldFlows() {}

    public static void main(String[] flows) throws IOException {
        Map<InetSocketAddress, ServerSocket> servers = new HashMap<>();
        List<Socket> held = new ArrayList<>();
        for (String flow : flows) {
            String[] ends = flow.split(">", -1);
            InetSocketAddress destination = endpoint(ends[1]);
            ServerSocket server = servers.get(destination);
            if (server == null) {
                server = new ServerSocket(destination.getPort(), 1_000, destination.getAddress());
                servers.put(destination, server);
            }
            Socket client = new Socket();
            held.add(client);
            client.setReuseAddress(true);
            client.bind(endpoint(ends[0]));
            String seen;
            try {
                client.connect(destination, ANSWERED_WITHIN_MILLIS);
                Socket accepted = server.accept();
                held.add(accepted);
                seen = accepted.getInetAddress().getHostAddress() + ":" + accepted.getPort();
            } catch (IOException e) {
                seen = "-";
            }
            System.out.println(seen);
        }
        held.forEach(HeldFlows::close);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InetSocketAddress endpoint(String text) throws IOException {
        int colon = text.lastIndexOf(':');
        return new InetSocketAddress(
                InetAddress.getByName(text.substring(0, colon)), Integer.parseInt(text.substring(colon + 1)));
    }
}
