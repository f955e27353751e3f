package dev.cgnat.proxy;

/** How the commands end; 2, wrong usage, is picocli's own. */
final class ExitCodes {
    static final int OK = 0;
    static final int FAILED = 1;
    static final int INVALID_CONFIG = 3;
    static final int CANNOT_BIND = 4;
    static final int NOT_FOUND = 6;
    static final int INTERRUPTED = 130;

    private ExitCodes() {}
}
