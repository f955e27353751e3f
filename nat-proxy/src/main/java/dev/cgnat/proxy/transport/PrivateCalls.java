package dev.cgnat.proxy.transport;

import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/**
 * Calls of the kernel that Netty's bridge has, but keeps to its class {@link Socket}. Each returns what the kernel said: the negative
 * number of its error if that was no.
 */
/* A record, as the compilers trust components alone never to change, and so call what the handles lead to. */
record PrivateCalls(
        MethodHandle binding,
        MethodHandle connecting,
        MethodHandle receiving,
        MethodHandle sending,
        MethodHandle sendingTo,
        MethodHandle shuttingDown,
        MethodHandle settingOption) {
    /** By linux/socket.h. */
    private static final int MSG_MORE = 0x8000;

    private static final byte[] NO_ADDRESS = new byte[16];

    /** Those of this Netty; null if it has not all of them as 4.2.18 does. */
    static @Nullable PrivateCalls find() {
        try {
            MethodHandles.Lookup netty = MethodHandles.privateLookupIn(Socket.class, MethodHandles.lookup());
            MethodType toAddress =
                    MethodType.methodType(int.class, int.class, boolean.class, byte[].class, int.class, int.class);
            MethodType ofBytes = MethodType.methodType(int.class, int.class, long.class, int.class, int.class);
            MethodType ofBytesToAddress = MethodType.methodType(
                    int.class,
                    int.class,
                    boolean.class,
                    long.class,
                    int.class,
                    int.class,
                    byte[].class,
                    int.class,
                    int.class,
                    int.class);
            return new PrivateCalls(
                    netty.findStatic(Socket.class, "bind", toAddress),
                    netty.findStatic(Socket.class, "connect", toAddress),
                    netty.findStatic(Socket.class, "recvAddress", ofBytes),
                    netty.findStatic(Socket.class, "sendAddress", ofBytes),
                    netty.findStatic(Socket.class, "sendToAddress", ofBytesToAddress),
                    netty.findStatic(
                            Socket.class,
                            "shutdown",
                            MethodType.methodType(int.class, int.class, boolean.class, boolean.class)),
                    netty.findStatic(
                            Socket.class,
                            "setIntOpt",
                            MethodType.methodType(void.class, int.class, int.class, int.class, int.class)));
        } catch (ReflectiveOperationException | SecurityException e) {
            return null;
        }
    }

    int bind(int fd, boolean isIpv6, byte[] address, int scope, int port) {
        try {
            return (int) binding.invokeExact(fd, isIpv6, address, scope, port);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    int connect(int fd, boolean isIpv6, byte[] address, int scope, int port) {
        try {
            return (int) connecting.invokeExact(fd, isIpv6, address, scope, port);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    int receive(int fd, long memory, int from, int to) {
        try {
            return (int) receiving.invokeExact(fd, memory, from, to);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    int send(int fd, long memory, int from, int to) {
        try {
            return (int) sending.invokeExact(fd, memory, from, to);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** With MSG_MORE: what fills no segment waits for what comes next. Of a connected socket the kernel ignores the address. */
    int sendBeforeMore(int fd, boolean isIpv6, long memory, int from, int to) {
        try {
            return (int) sendingTo.invokeExact(fd, isIpv6, memory, from, to, NO_ADDRESS, 0, 0, MSG_MORE);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    int shutdown(int fd, boolean input, boolean output) {
        try {
            return (int) shuttingDown.invokeExact(fd, input, output);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** IOException if the kernel says no. */
    void setIntOpt(int fd, int level, int name, int value) throws IOException {
        try {
            settingOption.invokeExact(fd, level, name, value);
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Netty's own exceptions, such as of an option that the kernel refuses, go on as they are. */
    private static RuntimeException unexpected(Throwable e) {
        if (e instanceof RuntimeException own) {
            return own;
        }
        if (e instanceof Error error) {
            throw error;
        }
        return new IllegalStateException("Netty's call of the kernel", e);
    }
}
