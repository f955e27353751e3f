package dev.cgnat.proxy.transport;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.MessageSizeEstimator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.ServerSocketChannelConfig;
import io.netty.util.NetUtil;
import org.jspecify.annotations.Nullable;

/** Options of an {@link EdgeServerChannel}. */
public final class EdgeServerConfig extends DefaultChannelConfig implements ServerSocketChannelConfig {
    private final EdgeServerChannel server;
    private volatile int backlog = NetUtil.SOMAXCONN;

    EdgeServerConfig(EdgeServerChannel server) {
        super(server, new ServerChannelRecvByteBufAllocator());
        this.server = server;
    }

    @Override
    @SuppressWarnings("unchecked") // the option's own type
    public <T> @Nullable T getOption(ChannelOption<T> option) {
        if (option.equals(ChannelOption.SO_BACKLOG)) {
            return (T) Integer.valueOf(backlog);
        }
        T value = super.getOption(option);
        return value == null ? LinuxOptions.get(server.socket(), option) : value;
    }

    @Override
    public <T> boolean setOption(ChannelOption<T> option, T value) {
        if (option.equals(ChannelOption.SO_BACKLOG)) {
            backlog = (Integer) value;
            return true;
        }
        return super.setOption(option, value) || LinuxOptions.set(server.socket(), option, value);
    }

    @Override
    public int getBacklog() {
        return backlog;
    }

    @Override
    public EdgeServerConfig setBacklog(int value) {
        backlog = value;
        return this;
    }

    @Override
    public boolean isReuseAddress() {
        return Boolean.TRUE.equals(LinuxOptions.get(server.socket(), ChannelOption.SO_REUSEADDR));
    }

    @Override
    public EdgeServerConfig setReuseAddress(boolean value) {
        LinuxOptions.set(server.socket(), ChannelOption.SO_REUSEADDR, value);
        return this;
    }

    @Override
    public int getReceiveBufferSize() {
        Integer size = LinuxOptions.get(server.socket(), ChannelOption.SO_RCVBUF);
        return size == null ? 0 : size;
    }

    @Override
    public EdgeServerConfig setReceiveBufferSize(int value) {
        LinuxOptions.set(server.socket(), ChannelOption.SO_RCVBUF, value);
        return this;
    }

    /** Means nothing to the kernel. */
    @Override
    public EdgeServerConfig setPerformancePreferences(int connectionTime, int latency, int bandwidth) {
        return this;
    }

    @Override
    public EdgeServerConfig setConnectTimeoutMillis(int value) {
        super.setConnectTimeoutMillis(value);
        return this;
    }

    @Override
    @Deprecated
    public EdgeServerConfig setMaxMessagesPerRead(int value) {
        super.setMaxMessagesPerRead(value);
        return this;
    }

    @Override
    public EdgeServerConfig setWriteSpinCount(int value) {
        super.setWriteSpinCount(value);
        return this;
    }

    @Override
    public EdgeServerConfig setAllocator(ByteBufAllocator value) {
        super.setAllocator(value);
        return this;
    }

    @Override
    public EdgeServerConfig setRecvByteBufAllocator(RecvByteBufAllocator value) {
        super.setRecvByteBufAllocator(value);
        return this;
    }

    @Override
    public EdgeServerConfig setAutoRead(boolean value) {
        super.setAutoRead(value);
        return this;
    }

    @Override
    public EdgeServerConfig setMessageSizeEstimator(MessageSizeEstimator value) {
        super.setMessageSizeEstimator(value);
        return this;
    }

    @Override
    public EdgeServerConfig setWriteBufferWaterMark(WriteBufferWaterMark value) {
        super.setWriteBufferWaterMark(value);
        return this;
    }

    @Override
    public EdgeServerConfig setWriteBufferHighWaterMark(int value) {
        super.setWriteBufferHighWaterMark(value);
        return this;
    }

    @Override
    public EdgeServerConfig setWriteBufferLowWaterMark(int value) {
        super.setWriteBufferLowWaterMark(value);
        return this;
    }
}
