package dev.cgnat.proxy.ingress;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.socksx.v5.DefaultSocks5PasswordAuthRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Reads one name and password of RFC 1929 section 2, in UTF-8. Netty's decoder reads ASCII; what it makes of other bytes would
 * not equal what a file in UTF-8 says.
 *
 * <p>Another version than 1 is a {@link DecoderException}.
 */
final class PasswordRequestDecoder extends ByteToMessageDecoder {
    private static final int VERSION = 1;

    PasswordRequestDecoder() {
        setSingleDecode(true); // what follows is a command
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        int start = in.readerIndex();
        if (in.getByte(start) != VERSION) {
            throw new DecoderException("version: " + in.getByte(start) + " (expected: " + VERSION + ")");
        }
        int name = start + 1;
        int password = endOf(in, name);
        if (password < in.writerIndex() && endOf(in, password) <= in.writerIndex()) {
            out.add(new DefaultSocks5PasswordAuthRequest(text(in, name), text(in, password)));
            in.readerIndex(endOf(in, password));
        }
    }

    /** Behind the field whose length stands at {@code index}; beyond everything if that has not come yet. */
    private static int endOf(ByteBuf in, int index) {
        return index < in.writerIndex() ? index + 1 + in.getUnsignedByte(index) : Integer.MAX_VALUE;
    }

    private static String text(ByteBuf in, int index) {
        return in.toString(index + 1, in.getUnsignedByte(index), StandardCharsets.UTF_8);
    }
}
