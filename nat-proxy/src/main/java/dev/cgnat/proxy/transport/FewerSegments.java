package dev.cgnat.proxy.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.epoll.EpollChannelOption;

/**
 * Tells the kernel what comes next, where that is known, so that it sends no segment without data before. Each saves both hosts a
 * segment, and often a wake-up. Works on epoll; on other transports these do nothing.
 */
public final class FewerSegments {
    private FewerSegments() {}

    /** Reads what {@code accepted} may have brought already: who speaks first often has by the time that it is accepted. */
    public static void readAhead(Channel accepted) {
        if (accepted instanceof EdgeSocketChannel edge) {
            edge.readAhead();
        }
    }

    /**
     * The first data will be written as soon as {@code connecting} is connected: they acknowledge the far side's SYN too. Costs one
     * system call.
     */
    public static void dataFollows(Channel connecting) {
        if (connecting instanceof EdgeSocketChannel edge) {
            try {
                edge.config().setOption(EpollChannelOption.TCP_QUICKACK, false);
            } catch (ChannelException e) {
                // The connect tells what is wrong with the socket.
            }
        }
    }

    /**
     * What {@code from} tells its handlers will be written to {@code to}, and if it is the last before the end, that will be ended
     * at once behind it: the FIN goes with the data.
     */
    public static void endFollows(Channel from, Channel to) {
        if (from instanceof EdgeSocketChannel last && last.tellsLast() && to instanceof EdgeSocketChannel edge) {
            edge.endFollows();
        }
    }
}
