package dev.cgnat.proxy.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.RawUnixChannelOption;
import io.netty.channel.unix.UnixChannel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What the kernel knows of a connection (tcp(7), TCP_INFO; the first part of struct tcp_info of linux/tcp.h, which never changes).
 *
 * @param state 1 = established, as in netinet/tcp.h
 * @param retransmits in a row without an answer
 * @param totalRetransmits since the connection began
 * @param lost segments that are taken for lost
 * @param unacked segments on the way
 * @param sndCwnd segments that may be on the way
 * @param sndMss bytes of a segment
 */
public record TcpInfo(
        int state,
        double rttSeconds,
        double rttVarSeconds,
        int retransmits,
        long totalRetransmits,
        long lost,
        long unacked,
        long sndCwnd,
        long sndMss,
        long pathMtu) {
    private static final int SOL_TCP = 6;
    private static final int TCP_INFO = 11;
    private static final int LENGTH = 104;
    private static final int RETRANSMITS = 2;
    private static final int SND_MSS = 16;
    private static final int UNACKED = 24;
    private static final int LOST = 32;
    private static final int PATH_MTU = 60;
    private static final int RTT = 68;
    private static final int RTT_VAR = 72;
    private static final int SND_CWND = 80;
    private static final int TOTAL_RETRANSMITS = 100;
    private static final double MICROS = 1e6;
    private static final long PATIENCE_MILLIS = 500;

    /**
     * Asks the kernel, on the event loop of {@code channel}, and waits for it; not to be called by an event loop. Empty if the
     * transport cannot, or the connection has ended.
     */
    public static Optional<TcpInfo> of(Channel channel) {
        if (!(channel instanceof UnixChannel) || !Epoll.isAvailable()) {
            return Optional.empty();
        }
        try {
            return channel.eventLoop().submit(() -> read(channel)).get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (ExecutionException | TimeoutException | RejectedExecutionException e) {
            return Optional.empty(); // it has gone meanwhile, or the loop has no time for the curious
        }
    }

    private static Optional<TcpInfo> read(Channel channel) {
        if (!channel.isOpen()) {
            return Optional.empty();
        }
        try {
            ByteBuffer bytes =
                    channel.config().getOption(new RawUnixChannelOption("TCP_INFO", SOL_TCP, TCP_INFO, LENGTH));
            return bytes == null ? Optional.empty() : Optional.of(parse(bytes.order(ByteOrder.nativeOrder())));
        } catch (ChannelException e) {
            return Optional.empty();
        }
    }

    private static TcpInfo parse(ByteBuffer info) {
        return new TcpInfo(
                info.get(0),
                unsigned(info, RTT) / MICROS,
                unsigned(info, RTT_VAR) / MICROS,
                info.get(RETRANSMITS),
                unsigned(info, TOTAL_RETRANSMITS),
                unsigned(info, LOST),
                unsigned(info, UNACKED),
                unsigned(info, SND_CWND),
                unsigned(info, SND_MSS),
                unsigned(info, PATH_MTU));
    }

    private static long unsigned(ByteBuffer info, int at) {
        return Integer.toUnsignedLong(info.getInt(at));
    }
}
