package dev.cgnat.proxy.transport;

import io.netty.channel.epoll.EpollIoOps;

/** What the kernel tells of a socket, by linux/eventpoll.h. */
/*
 * A socket is registered once, edge-triggered and for everything; what the kernel has said is remembered until a call shows that it
 * holds no longer: a read or a write that moved less than it was asked to. So interest costs no call (epoll(7), question 9).
 */
final class EdgeEvents {
    static final int IN = 1;
    static final int PRI = 1 << 1;
    static final int OUT = 1 << 2;
    static final int ERR = 1 << 3;
    static final int HUP = 1 << 4;
    static final int RDHUP = 1 << 13;

    static final EpollIoOps EVERYTHING = EpollIoOps.valueOf(IN | PRI | OUT | RDHUP | EpollIoOps.EPOLLET.value());

    /** There is something to read, be it an end or an error. */
    static final int INPUT = IN | PRI | RDHUP | ERR;

    static final int FAILURE = ERR | HUP;

    /** A connect has come to an end, a good one if there is no {@link #FAILURE}. */
    static final int CONNECT_DONE = OUT | FAILURE;

    private EdgeEvents() {}
}
