package dev.cgnat.proxy.config;

/** The configuration that is in force, which may be replaced while flows live. Any thread may ask; each asks anew for each decision. */
public final class LiveConfig {
    private volatile ProxyConfig current;

    public LiveConfig(ProxyConfig config) {
        current = config;
    }

    public ProxyConfig get() {
        return current;
    }

    public void set(ProxyConfig config) {
        current = config;
    }
}
