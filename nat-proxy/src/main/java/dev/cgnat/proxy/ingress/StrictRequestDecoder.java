package dev.cgnat.proxy.ingress;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpConstants;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;
import java.util.List;

/**
 * Reads an HTTP request, and takes none with a header line that goes on in the next one (obs-fold, RFC 9112 section 5.2):
 * Netty joins the two, and what another server reads there may be something else.
 */
final class StrictRequestDecoder extends HttpRequestDecoder {
    private boolean hasRequestLine;

    StrictRequestDecoder(HttpDecoderConfig config) {
        super(config);
    }

    @Override
    protected HttpMessage createMessage(String[] requestLine) throws Exception {
        hasRequestLine = true;
        return super.createMessage(requestLine);
    }

    /** Netty leaves a line that is not complete where it is, so {@code in} begins with a line every time. */
    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        if (hasFoldedLine(in)) {
            HttpMessage message = createInvalidMessage();
            message.setDecoderResult(DecoderResult.failure(new DecoderException("a header line is folded")));
            out.add(message);
            in.skipBytes(in.readableBytes());
        } else {
            super.decode(ctx, in, out);
        }
    }

    private boolean hasFoldedLine(ByteBuf in) {
        int line = hasRequestLine ? in.readerIndex() : skipWhatNettySkips(in);
        while (line < in.writerIndex()) {
            byte first = in.getByte(line);
            if (first == HttpConstants.SP || first == HttpConstants.HT) {
                return true;
            }
            int end = in.indexOf(line, in.writerIndex(), HttpConstants.LF);
            boolean isEmpty = first == HttpConstants.CR && end == line + 1;
            if (end < 0 || isEmpty) {
                return false; // what comes behind the empty line is the flow's
            }
            line = end + 1;
        }
        return false;
    }

    /** Where the request line begins: before it, Netty passes over control characters and blanks. */
    private static int skipWhatNettySkips(ByteBuf in) {
        int index = in.readerIndex();
        while (index < in.writerIndex()) {
            int character = in.getUnsignedByte(index);
            if (!Character.isISOControl(character) && !Character.isWhitespace(character)) {
                break;
            }
            index++;
        }
        return index;
    }
}
