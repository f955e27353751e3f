package dev.cgnat.proxy.ingress;

import dev.cgnat.core.Outcome;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.proxy.egress.ConnectFailure;
import dev.cgnat.proxy.relay.Resets;
import io.netty.channel.Channel;

/** Where the client speaks to its destination alone there are no words for it: what went wrong is told by a reset. */
enum SilentFrontEnd implements FrontEnd {
    RESETS;

    @Override
    public void tellEstablished(Channel client, Endpoint external) {}

    @Override
    public void tellRefused(Channel client, Outcome.Refused refused) {
        Resets.reset(client);
    }

    @Override
    public void tellFailed(Channel client, ConnectFailure failure) {
        Resets.reset(client);
    }

    @Override
    public boolean awaitsAnswer() {
        return false;
    }
}
