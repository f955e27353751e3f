package dev.cgnat.bench;

/** What the process ends with, beside picocli's 0 and 2. */
final class ExitCode {
    static final int OK = 0;
    static final int FAILURE = 1;
    static final int USAGE = 2;
    static final int CONFIG = 3;
    static final int BIND = 4;
    static final int ADMIN = 5;
    static final int THRESHOLD = 99;

    private ExitCode() {}
}
