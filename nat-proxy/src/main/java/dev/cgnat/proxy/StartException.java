package dev.cgnat.proxy;

import java.io.IOException;

/** The proxy cannot start: an address or port is not to be had. The message says which, and what to do. */
public final class StartException extends IOException {
    private static final long serialVersionUID = 1;

    public StartException(String message, Throwable cause) {
        super(message, cause);
    }
}
