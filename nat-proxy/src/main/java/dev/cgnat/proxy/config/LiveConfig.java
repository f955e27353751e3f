package dev.cgnat.proxy.config;

import java.util.concurrent.atomic.AtomicReference;

/** The configuration that is in force, which may be replaced while flows live. Any thread may ask; each asks anew for each decision. */
public final class LiveConfig {
    private final AtomicReference<ProxyConfig> current;

    public LiveConfig(ProxyConfig config) {
        current = new AtomicReference<>(config);
    }

    public ProxyConfig get() {
        return current.get();
    }

    public void set(ProxyConfig config) {
        current.set(config);
    }
}
