package dev.cgnat.proxy.transport;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.MessageSizeEstimator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannelConfig;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Options of an {@link EdgeSocketChannel}. Those of the kernel are not kept here: asking for one is a system call. */
public final class EdgeSocketConfig extends DefaultChannelConfig implements SocketChannelConfig {
    private final EdgeSocketChannel socket;
    private volatile boolean allowHalfClosure;

    EdgeSocketConfig(EdgeSocketChannel socket) {
        super(socket);
        this.socket = socket;
    }

    @Override
    @SuppressWarnings("unchecked") // the option's own type
    public <T> @Nullable T getOption(ChannelOption<T> option) {
        if (option.equals(ChannelOption.ALLOW_HALF_CLOSURE)) {
            return (T) Boolean.valueOf(allowHalfClosure);
        }
        if (option.equals(ChannelOption.SO_LINGER)) {
            return (T) Integer.valueOf(getSoLinger());
        }
        T value = super.getOption(option);
        return value == null ? LinuxOptions.get(socket.socket(), option) : value;
    }

    @Override
    public <T> boolean setOption(ChannelOption<T> option, T value) {
        if (option.equals(ChannelOption.ALLOW_HALF_CLOSURE)) {
            allowHalfClosure = (Boolean) value;
        } else if (option.equals(ChannelOption.SO_LINGER)) {
            setSoLinger((Integer) value);
        } else if (option.equals(ChannelOption.TCP_NODELAY)) {
            setTcpNoDelay((Boolean) value);
        } else {
            return super.setOption(option, value) || LinuxOptions.set(socket.socket(), option, value);
        }
        return true;
    }

    @Override
    protected void autoReadCleared() {
        socket.stopReading();
    }

    @Override
    public boolean isAllowHalfClosure() {
        return allowHalfClosure;
    }

    @Override
    public EdgeSocketConfig setAllowHalfClosure(boolean value) {
        allowHalfClosure = value;
        return this;
    }

    @Override
    public boolean isTcpNoDelay() {
        return get(ChannelOption.TCP_NODELAY);
    }

    @Override
    public EdgeSocketConfig setTcpNoDelay(boolean value) {
        try {
            socket.setNoDelay(value);
        } catch (IOException e) {
            throw new ChannelException(e);
        }
        return this;
    }

    @Override
    public int getSoLinger() {
        try {
            return socket.socket().whole().getSoLinger();
        } catch (IOException e) {
            throw new ChannelException(e);
        }
    }

    @Override
    public EdgeSocketConfig setSoLinger(int seconds) {
        try {
            socket.socket().whole().setSoLinger(seconds);
        } catch (IOException e) {
            throw new ChannelException(e);
        }
        return this;
    }

    @Override
    public int getSendBufferSize() {
        return get(ChannelOption.SO_SNDBUF);
    }

    @Override
    public EdgeSocketConfig setSendBufferSize(int value) {
        LinuxOptions.set(socket.socket(), ChannelOption.SO_SNDBUF, value);
        return this;
    }

    @Override
    public int getReceiveBufferSize() {
        return get(ChannelOption.SO_RCVBUF);
    }

    @Override
    public EdgeSocketConfig setReceiveBufferSize(int value) {
        LinuxOptions.set(socket.socket(), ChannelOption.SO_RCVBUF, value);
        return this;
    }

    @Override
    public boolean isKeepAlive() {
        return get(ChannelOption.SO_KEEPALIVE);
    }

    @Override
    public EdgeSocketConfig setKeepAlive(boolean value) {
        LinuxOptions.set(socket.socket(), ChannelOption.SO_KEEPALIVE, value);
        return this;
    }

    @Override
    public int getTrafficClass() {
        return get(ChannelOption.IP_TOS);
    }

    @Override
    public EdgeSocketConfig setTrafficClass(int value) {
        LinuxOptions.set(socket.socket(), ChannelOption.IP_TOS, value);
        return this;
    }

    @Override
    public boolean isReuseAddress() {
        return get(ChannelOption.SO_REUSEADDR);
    }

    @Override
    public EdgeSocketConfig setReuseAddress(boolean value) {
        LinuxOptions.set(socket.socket(), ChannelOption.SO_REUSEADDR, value);
        return this;
    }

    /** Means nothing to the kernel. */
    @Override
    public EdgeSocketConfig setPerformancePreferences(int connectionTime, int latency, int bandwidth) {
        return this;
    }

    private <T> T get(ChannelOption<T> option) {
        T value = LinuxOptions.get(socket.socket(), option);
        if (value == null) {
            throw new IllegalArgumentException("option: " + option + " (expected: one of Linux)");
        }
        return value;
    }

    @Override
    public EdgeSocketConfig setConnectTimeoutMillis(int value) {
        super.setConnectTimeoutMillis(value);
        return this;
    }

    @Override
    @Deprecated
    public EdgeSocketConfig setMaxMessagesPerRead(int value) {
        super.setMaxMessagesPerRead(value);
        return this;
    }

    @Override
    public EdgeSocketConfig setWriteSpinCount(int value) {
        super.setWriteSpinCount(value);
        return this;
    }

    @Override
    public EdgeSocketConfig setAllocator(ByteBufAllocator value) {
        super.setAllocator(value);
        return this;
    }

    @Override
    public EdgeSocketConfig setRecvByteBufAllocator(RecvByteBufAllocator value) {
        super.setRecvByteBufAllocator(value);
        return this;
    }

    @Override
    public EdgeSocketConfig setAutoRead(boolean value) {
        super.setAutoRead(value);
        return this;
    }

    @Override
    public EdgeSocketConfig setMessageSizeEstimator(MessageSizeEstimator value) {
        super.setMessageSizeEstimator(value);
        return this;
    }

    @Override
    public EdgeSocketConfig setWriteBufferWaterMark(WriteBufferWaterMark value) {
        super.setWriteBufferWaterMark(value);
        return this;
    }

    @Override
    public EdgeSocketConfig setAutoClose(boolean value) {
        super.setAutoClose(value);
        return this;
    }
}
