package dev.cgnat.proxy.client;

import dev.cgnat.proxy.ExitCodes;

/** Why a command has no answer, as one line for the person who asked. */
final class ClientException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    ClientException(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    /** The proxy cannot be asked. */
    static ClientException unreachable(String message) {
        return new ClientException(ExitCodes.UNREACHABLE, message);
    }

    /** The person asked for something that cannot be. */
    static ClientException usage(String message) {
        return new ClientException(ExitCodes.USAGE, message);
    }

    int exitCode() {
        return exitCode;
    }
}
