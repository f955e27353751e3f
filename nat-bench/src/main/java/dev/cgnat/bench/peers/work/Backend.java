package dev.cgnat.bench.peers.work;

import dev.cgnat.bench.load.Endpoints;
import dev.cgnat.bench.load.Loops;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.WriteBufferWaterMark;
import java.net.InetSocketAddress;
import java.util.Optional;

/** The server behind every peer. It speaks {@link Wire}. */
final class Backend {
    private static final int BACKLOG = 4096;

    private final Loops loops;
    private final FlowLedger ledger;

    /** @param ledger hears of every connection */
    Backend(Loops loops, FlowLedger ledger) {
        this.loops = loops;
        this.ledger = ledger;
    }

    /** Returns when it is bound. */
    void listen(InetSocketAddress address) {
        new ServerBootstrap()
                .group(loops.group())
                .channel(loops.serverChannel())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(
                        ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(Wire.CHUNK, 2 * Wire.CHUNK))
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, new AdaptiveRecvByteBufAllocator(64, 512, Wire.CHUNK))
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new Service(ledger));
                    }
                })
                .bind(address)
                .syncUninterruptibly();
    }

    /** Where it listens, as a client writes it. */
    static InetSocketAddress address(String text) {
        return Endpoints.resolved(Endpoints.parse(text));
    }

    private static final class Service extends SimpleChannelInboundHandler<ByteBuf> {
        private static final ByteBuf ANSWER = Wire.message(Wire.ANSWER, Wire.RESPONSE);
        private static final ByteBuf CHUNK = Wire.message(Wire.SOURCE, Wire.CHUNK);

        private final FlowLedger ledger;
        private Optional<FlowLedger.Tuple> tuple = Optional.empty();
        private byte service;
        private int received;

        Service(FlowLedger ledger) {
            this.ledger = ledger;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            tuple = ledger.opened(ctx.channel());
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf bytes) {
            if (service == 0 && bytes.isReadable()) {
                service = bytes.readByte();
                received = 1;
                if (service == Wire.SOURCE) {
                    pour(ctx);
                }
            }
            received += bytes.readableBytes();
            switch (service) {
                case Wire.ECHO -> {
                    if (bytes.isReadable()) {
                        ctx.write(bytes.retain(), ctx.voidPromise());
                    }
                }
                case Wire.ANSWER, Wire.ANSWER_AND_CLOSE -> {
                    while (received >= Wire.REQUEST) { // requests that were late come together
                        received -= Wire.REQUEST;
                        answer(ctx);
                    }
                }
                default -> {} // what is discarded, or a source that nobody should talk to
            }
        }

        private void answer(ChannelHandlerContext ctx) {
            if (service == Wire.ANSWER) {
                ctx.writeAndFlush(ANSWER.duplicate(), ctx.voidPromise());
            } else {
                ctx.writeAndFlush(ANSWER.duplicate()).addListener(ChannelFutureListener.CLOSE);
            }
        }

        private static void pour(ChannelHandlerContext ctx) {
            while (ctx.channel().isWritable()) {
                ctx.writeAndFlush(CHUNK.duplicate(), ctx.voidPromise());
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            if (service == Wire.ECHO) {
                ctx.flush();
            }
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            if (service == Wire.SOURCE) {
                pour(ctx);
            } else {
                ctx.channel().config().setAutoRead(ctx.channel().isWritable());
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            tuple.ifPresent(ledger::closed);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close(); // a reset is an ordinary end of what a NAT carries
        }
    }
}
