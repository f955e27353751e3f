package dev.cgnat.proxy.relay;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;

/** Ends a connection with a reset instead of a FIN. */
public final class Resets {
    private Resets() {}

    /** Closes {@code channel}; the far side sees a reset, at once and whatever is still unsent. */
    public static void reset(Channel channel) {
        try {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        } catch (ChannelException e) {
            // The channel is closed already, and options of closed channels cannot be set.
        }
        channel.close();
    }
}
