package dev.cgnat.bench.grade;

import dev.cgnat.bench.load.Via;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;

/** Flows that a NAT of our invention has granted. */
final class Draws {
    private final List<Flow> flows = new ArrayList<>();

    List<Flow> flows() {
        return flows;
    }

    /** One more, on the only address. */
    Draws add(int subscriber, int internalPort, int externalPort) {
        Flow flow = new Flow(new Flow.Intent(
                subscriber,
                new Endpoint(IpAddress.ofIpv4(127, 1, 0, 1 + subscriber), internalPort),
                Destination.MAIN,
                new Via.Direct()));
        EmbeddedChannel channel = new EmbeddedChannel(flow);
        channel.writeInbound(ByteBufUtil.writeAscii(UnpooledByteBufAllocator.DEFAULT, "192.0.2.1:" + externalPort));
        channel.releaseOutbound();
        flows.add(flow);
        return this;
    }
}
