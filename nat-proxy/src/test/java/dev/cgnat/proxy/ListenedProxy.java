package dev.cgnat.proxy;

import dev.cgnat.core.NatEvent;
import dev.cgnat.proxy.config.ProxyConfig;
import dev.cgnat.proxy.diagnose.Sampling;
import java.util.function.Consumer;

/** Lets the tests of every package hear what the NAT of a proxy does. */
public final class ListenedProxy {
    private ListenedProxy() {}

    /** {@code events} is told by the thread that decides, and must return at once. */
    public static NatProxy start(ProxyConfig config, Consumer<NatEvent> events) throws StartException {
        return NatProxy.start(config, events);
    }

    /** As {@link NatProxy#start}, looking at the pools as often as {@code sampling} says. */
    public static NatProxy start(ProxyConfig config, Sampling sampling) throws StartException {
        return NatProxy.start(config, event -> {}, sampling);
    }
}
