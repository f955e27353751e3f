package dev.cgnat.proxy.config;

import java.util.concurrent.atomic.AtomicLong;

/** The configuration that is in force, which may be replaced while flows live. Any thread may ask; each asks anew for each decision. */
public final class LiveConfig {
    private volatile ProxyConfig current;
    private final AtomicLong version = new AtomicLong();

    public LiveConfig(ProxyConfig config) {
        current = config;
    }

    public ProxyConfig get() {
        return current;
    }

    public void set(ProxyConfig config) {
        current = config;
        version.incrementAndGet();
    }

    /** Another one after each {@link #set}. */
    public long version() {
        return version.get();
    }
}
