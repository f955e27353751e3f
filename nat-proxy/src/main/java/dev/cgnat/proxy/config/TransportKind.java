package dev.cgnat.proxy.config;

/** How Netty reaches the kernel. */
public enum TransportKind {
    /** Epoll where it is available, else NIO. */
    AUTO,
    EPOLL,
    NIO
}
