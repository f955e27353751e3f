package dev.cgnat.proxy.ingress;

import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.proxy.config.ListenerConfig.ProxyHeader;
import io.netty.channel.Channel;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyProtocolVersion;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol;

/** Headers of the PROXY protocol for the targets of forwards. */
final class ProxyHeaders {
    private ProxyHeaders() {}

    /**
     * Writes, as the first bytes of {@code outside}, that {@code source} has connected to {@code destination}.
     *
     * @param version not {@link ProxyHeader#NONE}
     */
    static void send(Channel outside, ProxyHeader version, Endpoint source, Endpoint destination) {
        ClientPipeline.writeHeader(outside, header(version, source, destination));
    }

    private static HAProxyMessage header(ProxyHeader version, Endpoint source, Endpoint destination) {
        boolean isIpv4 = source.address().isIpv4() && destination.address().isIpv4();
        return new HAProxyMessage(
                version == ProxyHeader.V1 ? HAProxyProtocolVersion.V1 : HAProxyProtocolVersion.V2,
                HAProxyCommand.PROXY,
                isIpv4 ? HAProxyProxiedProtocol.TCP4 : HAProxyProxiedProtocol.TCP6,
                text(source.address(), isIpv4),
                text(destination.address(), isIpv4),
                source.port(),
                destination.port());
    }

    /** A header has one family, so beside an IPv6 address an IPv4 one is written in its mapped form. */
    private static String text(IpAddress address, boolean asIpv4) {
        return address.isIpv4() && !asIpv4 ? "::ffff:" + address : address.toString();
    }
}
