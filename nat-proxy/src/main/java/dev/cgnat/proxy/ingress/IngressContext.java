package dev.cgnat.proxy.ingress;

import dev.cgnat.proxy.config.ListenerConfig;
import dev.cgnat.proxy.config.LiveConfig;
import dev.cgnat.proxy.config.ProxyConfig;
import dev.cgnat.proxy.egress.Descriptors;
import dev.cgnat.proxy.egress.Egress;
import dev.cgnat.proxy.egress.NatGate;
import dev.cgnat.proxy.egress.Routes;
import dev.cgnat.proxy.metrics.ListenerMeters;
import dev.cgnat.proxy.relay.FlowSettings;
import io.netty.channel.group.ChannelGroup;
import io.netty.resolver.AddressResolverGroup;
import java.net.InetSocketAddress;

/**
 * What every connection of one listener needs.
 *
 * @param live the configuration that is in force
 * @param clients where each client's channel is entered for as long as it lives
 * @param handshakes of all listeners
 */
public record IngressContext(
        LiveConfig live,
        ListenerConfig listener,
        NatGate gate,
        Egress egress,
        Routes routes,
        Descriptors descriptors,
        AddressResolverGroup<InetSocketAddress> resolver,
        FlowSettings flowSettings,
        ChannelGroup clients,
        Handshakes handshakes) {
    ProxyConfig config() {
        return live.get();
    }

    /** Of a flow that begins now. */
    @Override
    public FlowSettings flowSettings() {
        return flowSettings.withTimeouts(config().timeouts());
    }

    ListenerMeters meters() {
        return flowSettings.listenerMeters();
    }
}
