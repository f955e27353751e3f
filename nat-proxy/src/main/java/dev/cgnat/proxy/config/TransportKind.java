package dev.cgnat.proxy.config;

/** How Netty reaches the kernel. */
public enum TransportKind {
    /** Epoll where it is available, else NIO; io_uring only when it is asked for. */
    AUTO,
    EPOLL,
    IO_URING,
    NIO
}
