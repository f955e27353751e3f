package dev.cgnat.proxy.ingress;

import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.proxy.config.Sources;
import dev.cgnat.proxy.metrics.ClientRejection;
import dev.cgnat.proxy.relay.Resets;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * Takes the header of the PROXY protocol, versions 1 and 2, from trusted proxies; resets everybody else.
 *
 * <p>The front end behind it learns that the connection is there when the header is. A header that names no client (LOCAL,
 * UNKNOWN, a local socket) leaves the connection as it is.
 */
final class ProxyHeaderHandler extends SimpleChannelInboundHandler<HAProxyMessage> {
    private final IngressContext context;
    private final Sources trusted;
    private boolean rejected;

    ProxyHeaderHandler(IngressContext context, Sources trusted) {
        this.context = context;
        this.trusted = trusted;
    }

    /** Not passed on: there is no client yet, only a proxy. */
    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        boolean isTrusted = ctx.channel().remoteAddress() instanceof InetSocketAddress source && trusted.allow(source);
        if (!isTrusted) {
            reject(ctx);
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HAProxyMessage header) {
        if (rejected) {
            return;
        }
        boolean isUnderstood = header.command() == HAProxyCommand.LOCAL
                || switch (header.proxiedProtocol()) {
                    case TCP4, TCP6 -> identify((SocketChannel) ctx.channel(), header);
                    case UNKNOWN, UNIX_STREAM -> true;
                    case UDP4, UDP6, UNIX_DGRAM -> false; // this connection is none of those
                };
        if (isUnderstood) {
            ctx.fireChannelActive();
            ClientPipeline.afterHeader(ctx.channel());
        } else {
            reject(ctx);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        reject(ctx);
    }

    /** Whether the addresses are such as a connection can have. */
    private static boolean identify(SocketChannel client, HAProxyMessage header) {
        Optional<Endpoint> source = endpoint(header.sourceAddress(), header.sourcePort());
        Optional<Endpoint> destination = endpoint(header.destinationAddress(), header.destinationPort());
        if (source.isEmpty() || destination.isEmpty()) {
            return false;
        }
        ClientIdentity.cameFrom(client, source.get());
        ClientIdentity.wentTo(client, destination.get());
        return true;
    }

    private static Optional<Endpoint> endpoint(String literal, int port) {
        InetAddress address = NetUtil.createInetAddressFromIpAddressString(literal);
        return address == null || address.isAnyLocalAddress() || address.isMulticastAddress() || port == 0
                ? Optional.empty()
                : Optional.of(new Endpoint(IpAddress.from(address), port));
    }

    /** Once: a decoder that has failed fails again when the connection ends. */
    private void reject(ChannelHandlerContext ctx) {
        if (!rejected) {
            rejected = true;
            context.meters().rejected(ClientRejection.PROXY_HEADER);
            Resets.reset(ctx.channel());
        }
    }
}
