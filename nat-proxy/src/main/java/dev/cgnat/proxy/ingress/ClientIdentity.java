package dev.cgnat.proxy.ingress;

import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.Subscriber;
import dev.cgnat.proxy.config.SubscriberConfig;
import dev.cgnat.proxy.config.SubscriberConfig.Identity;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.Attribute;
import io.netty.util.AttributeKey;

/**
 * Who a client is: where it comes from, and the name that it proved. The front ends write it on the client's channel, the flow
 * reads it.
 */
final class ClientIdentity {
    private static final AttributeKey<Endpoint> SOURCE = AttributeKey.valueOf(ClientIdentity.class, "source");
    private static final AttributeKey<Endpoint> DESTINATION = AttributeKey.valueOf(ClientIdentity.class, "destination");
    private static final AttributeKey<String> USER = AttributeKey.valueOf(ClientIdentity.class, "user");

    private ClientIdentity() {}

    /** A trusted PROXY header says that the client's connection comes from {@code source}. */
    static void cameFrom(SocketChannel client, Endpoint source) {
        client.attr(SOURCE).set(source);
    }

    /** A trusted PROXY header says that the client has connected to {@code destination}. */
    static void wentTo(SocketChannel client, Endpoint destination) {
        client.attr(DESTINATION).set(destination);
    }

    /** The client has proved to be {@code user}. */
    static void proved(SocketChannel client, String user) {
        client.attr(USER).set(user);
    }

    /** The endpoint that the client itself uses, as far as it is known here. */
    static Endpoint internal(SocketChannel client) {
        Attribute<Endpoint> source = client.hasAttr(SOURCE) ? client.attr(SOURCE) : null;
        return source == null ? Endpoint.from(client.remoteAddress()) : source.get();
    }

    /** The endpoint that the client has connected to, as far as it is known here. */
    static Endpoint front(SocketChannel client) {
        return client.hasAttr(DESTINATION) ? client.attr(DESTINATION).get() : Endpoint.from(client.localAddress());
    }

    /** Whom the limits count. */
    static Subscriber subscriber(SocketChannel client, Endpoint internal, SubscriberConfig config) {
        if (config.identity() == Identity.SOCKS_USER && client.hasAttr(USER)) {
            return new Subscriber(client.attr(USER).get());
        }
        Endpoint source = config.identity() == Identity.PROXY_HEADER ? internal : Endpoint.from(client.remoteAddress());
        return new Subscriber(config.prefixOf(source.address()));
    }
}
