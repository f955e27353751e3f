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
record PrivateCalls(MethodHandle binding, MethodHandle connecting, MethodHandle shuttingDown, MethodHandle settingOption) {
    /** Those of this Netty; null if it has not all of them as 4.2.18 does. */
    static @Nullable PrivateCalls find() {
        try {
            MethodHandles.Lookup netty = MethodHandles.privateLookupIn(Socket.class, MethodHandles.lookup());
            MethodType toAddress = MethodType.methodType(
                    int.class, int.class, boolean.class, byte[].class, int.class, int.class);
            return new PrivateCalls(
                    netty.findStatic(Socket.class, "bind", toAddress),
                    netty.findStatic(Socket.class, "connect", toAddress),
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

    private static IllegalStateException unexpected(Throwable e) {
        return new IllegalStateException("Netty's call of the kernel", e);
    }
}
