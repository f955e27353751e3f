package dev.cgnat.bench.load;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** How many file descriptors this process may still open. */
public final class Descriptors {
    /** Kept for jar files, event loops, logs and what the JVM opens on its own. */
    private static final int RESERVE = 64;
    /** Where the operating system tells no limit. */
    private static final int UNKNOWN = 8_000;

    private Descriptors() {}

    /** Descriptors that are left for sockets, 0 or more. */
    public static int available() {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
            long left = unix.getMaxFileDescriptorCount() - unix.getOpenFileDescriptorCount() - RESERVE;
            return (int) Math.max(0, Math.min(left, Integer.MAX_VALUE));
        }
        return UNKNOWN;
    }
}
