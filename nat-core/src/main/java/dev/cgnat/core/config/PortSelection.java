package dev.cgnat.core.config;

import java.util.Locale;

/**
 * Which of the free ports a new flow is given. What is <em>exact</em> refuses only if no port is legal; the others may give
 * up while one is.
 */
public enum PortSelection {
    /** Every free port with the same probability; exact, and as unpredictable as its generator. The default. */
    UNIFORM,
    /** The next free port after the last one; exact, and leaks the number of flows. */
    SEQUENTIAL,
    /** RFC 6056 section 3.3.1: a random port, then the next free one; exact. */
    RFC6056_1,
    /** RFC 6056 section 3.3.2: a random port on each try, as many tries as there are ports. */
    RFC6056_2,
    /** RFC 6056 section 3.3.3: one counter, offset by a hash of internal address and destination; exact. */
    RFC6056_3,
    /** RFC 6056 section 3.3.4: a table of counters chosen by a second hash; exact. */
    RFC6056_4,
    /** RFC 6056 section 3.3.5: one counter with random increments, as many tries as there are ports. */
    RFC6056_5,
    /** A port that was never used, lowest first, then the one that has been free for longest; exact. */
    LEAST_RECENTLY_FREED,
    /** Linux netfilter: the client's port, or a random window of 128 ports, then windows of 64, 32, 16 and 8. */
    LINUX_NF,
    /** VPP nat44-ed: ten tries, the client's port first, then random ones. */
    VPP,
    /** Cilium's masquerading as of 2025: the client's port, a random one, and 30 that its step leads to. */
    CILIUM,
    /** Cilium's masquerading in earlier years: the client's port, a random one, and every second one after it; 128 tries. */
    CILIUM_128,
    /** OpenBSD and FreeBSD pf: up from a random port to the top, then down to the bottom; exact. */
    PF;

    /** Whether a flow is refused only if no port is legal. */
    public boolean isExact() {
        return switch (this) {
            case UNIFORM, SEQUENTIAL, RFC6056_1, RFC6056_3, RFC6056_4, LEAST_RECENTLY_FREED, PF -> true;
            case RFC6056_2, RFC6056_5, LINUX_NF, VPP, CILIUM, CILIUM_128 -> false;
        };
    }

    /** The value in the configuration file. */
    public String key() {
        return switch (this) {
            case RFC6056_1, RFC6056_2, RFC6056_3, RFC6056_4, RFC6056_5 -> "rfc6056-" + name().substring(8);
            default -> name().toLowerCase(Locale.ROOT).replace('_', '-');
        };
    }
}
