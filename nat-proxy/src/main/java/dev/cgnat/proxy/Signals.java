package dev.cgnat.proxy;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

/** Hears the signals that ask the process to end. */
/*
 * A shutdown hook cannot do this: the JVM that ends through one exits with 143 on SIGTERM, and takes no second signal
 * while it runs. sun.misc.Signal, of the supported module jdk.unsupported, is reached by reflection because javac warns
 * of it in a way that cannot be suppressed.
 */
final class Signals {
    private Signals() {}

    /** Runs {@code handler} in a thread of the JVM whenever signal {@code name}, such as TERM, arrives. */
    static void handle(String name, Runnable handler) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            InvocationHandler run = (proxy, method, arguments) -> {
                if (method.getDeclaringClass() == Object.class) {
                    return method.invoke(handler, arguments);
                }
                handler.run();
                return null;
            };
            Object proxy = Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] {handlerType}, run);
            signal.getMethod("handle", signal, handlerType)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("signal: " + name + " (expected: one that this JVM leaves free)", e);
        }
    }
}
