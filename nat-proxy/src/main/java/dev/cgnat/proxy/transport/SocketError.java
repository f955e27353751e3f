package dev.cgnat.proxy.transport;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** With what the kernel said no, as far as anybody here acts on it. */
public enum SocketError {
    /** EADDRINUSE: another socket has the port without SO_REUSEADDR, or listens on it. */
    ADDRESS_IN_USE,
    /** EADDRNOTAVAIL: at connect the 4-tuple is taken, at bind the address is gone. */
    ADDRESS_NOT_AVAILABLE,
    NETWORK_UNREACHABLE,
    TIMED_OUT,
    /** ECONNREFUSED: nobody listens there. */
    REFUSED,
    /** ECONNRESET and EPIPE: the far side is gone without a FIN. */
    RESET,
    /** EMFILE and ENFILE: the process, or the host, has no descriptor left. */
    NO_DESCRIPTORS,
    OTHER;

    /**
     * Netty's epoll has the error's number in its text alone. What stands behind it is strerror(3), in the user's
     * language, and so is all that NIO tells.
     */
    private static final Pattern NATIVE_ERRNO = Pattern.compile("error\\(-(\\d{1,4})\\)");

    /** What Netty's epoll says before the text of the error: {@code bind(..) failed with error(-98): }. */
    private static final Pattern NATIVE_CALL = Pattern.compile("^\\w+\\(\\.\\.\\) failed with error\\(-?\\d+\\): ");

    /** By number where the transport tells it, else by text; the types differ between transports and calls. */
    public static SocketError of(Throwable failure) {
        SocketError found = OTHER;
        for (Throwable cause = failure; cause != null && found == OTHER; cause = cause.getCause()) {
            String text = String.valueOf(cause.getMessage());
            Matcher number = NATIVE_ERRNO.matcher(text);
            found = number.find() ? ofNumber(Integer.parseInt(number.group(1))) : ofText(text);
        }
        return found;
    }

    /** Why a socket failed, in the words of {@code strerror} alone, whichever transport and wrapper told it. */
    public static String reason(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return NATIVE_CALL.matcher(String.valueOf(root.getMessage())).replaceFirst("");
    }

    /** By asm-generic/errno.h, as epoll is Linux's alone. */
    private static SocketError ofNumber(int errno) {
        return switch (errno) {
            case 98 -> ADDRESS_IN_USE;
            case 99 -> ADDRESS_NOT_AVAILABLE;
            case 101 -> NETWORK_UNREACHABLE;
            case 110 -> TIMED_OUT;
            case 111 -> REFUSED;
            case 32, 104 -> RESET;
            case 23, 24 -> NO_DESCRIPTORS;
            default -> OTHER;
        };
    }

    private static SocketError ofText(String message) {
        String text = message.toLowerCase(Locale.ROOT);
        if (text.contains("address already in use")) {
            return ADDRESS_IN_USE;
        }
        if (text.contains("assign requested address")) { // "Cannot …" on Linux, "Can't …" on macOS
            return ADDRESS_NOT_AVAILABLE;
        }
        if (text.contains("network is unreachable")) {
            return NETWORK_UNREACHABLE;
        }
        if (text.contains("timed out")) {
            return TIMED_OUT;
        }
        if (text.contains("refused")) {
            return REFUSED;
        }
        if (text.contains("connection reset") || text.contains("broken pipe")) {
            return RESET;
        }
        return text.contains("too many open files") ? NO_DESCRIPTORS : OTHER;
    }
}
