package dev.cgnat.bench;

/** A command cannot do its work, for a reason that has an exit code of its own. */
final class CommandException extends Exception {
    private static final long serialVersionUID = 1;

    private final int exitCode;

    CommandException(int exitCode, String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}
