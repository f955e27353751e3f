package dev.cgnat.proxy;

/** How the commands end. */
public final class ExitCodes {
    public static final int OK = 0;
    public static final int FAILED = 1;
    /** picocli's own for what it refuses itself. */
    public static final int USAGE = 2;

    public static final int INVALID_CONFIG = 3;
    public static final int CANNOT_BIND = 4;
    public static final int UNREACHABLE = 5;
    public static final int NOT_FOUND = 6;
    public static final int INTERRUPTED = 130;

    private ExitCodes() {}
}
