package dev.cgnat.proxy.config;

import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import java.util.Optional;

/**
 * The administrator's listener.
 *
 * @param bind port 0 takes a free one; off loopback only with {@code token}
 * @param tokenFile where the token was read, as configured
 * @param token what every request but those for health must carry; empty = none, as every user of the host is trusted
 * @param readOnly whether nothing can be changed there
 */
public record AdminConfig(Endpoint bind, Optional<String> tokenFile, Optional<AdminToken> token, boolean readOnly) {
    static final String NEEDS_TOKEN =
            "(expected: a loopback address, or admin.token-file; use metrics.bind for a Prometheus on another host)";

    public AdminConfig {
        if (token.isEmpty() && !isLoopback(bind)) {
            throw new IllegalArgumentException("admin.bind: " + bind + " " + NEEDS_TOKEN);
        }
    }

    /** Without token, for reading and writing. */
    public AdminConfig(Endpoint bind) {
        this(bind, Optional.empty(), Optional.empty(), false);
    }

    /** Where only who has {@code value} may come. */
    public AdminConfig withToken(AdminToken value) {
        return new AdminConfig(bind, tokenFile, Optional.of(value), readOnly);
    }

    /** Where nothing can be changed. */
    public AdminConfig withReadOnly() {
        return new AdminConfig(bind, tokenFile, token, true);
    }

    /** 127.0.0.1:9477. */
    public static AdminConfig defaults() {
        return new AdminConfig(new Endpoint(IpAddress.ofIpv4(127, 0, 0, 1), 9477));
    }

    /** Whether nobody on another machine can reach it. */
    public boolean isLoopback() {
        return isLoopback(bind);
    }

    static boolean isLoopback(Endpoint bind) {
        return bind.address().toInetAddress().isLoopbackAddress();
    }
}
