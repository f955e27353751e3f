package dev.cgnat.proxy.ingress;

import dev.cgnat.core.Outcome;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.proxy.egress.ConnectFailure;
import io.netty.channel.Channel;

/** How a front end answers its client. Called on the client's event loop. */
interface FrontEnd {
    /** Tells that the flow is open; bytes may follow at once. */
    void tellEstablished(Channel client, Endpoint external);

    /** Tells the refusal, and lets the client go. */
    void tellRefused(Channel client, Outcome.Refused refused);

    /** Tells that the destination was not reached, and lets the client go. */
    void tellFailed(Channel client, ConnectFailure failure);

    /** Whether a client that closes its side before the answer can only have given up. */
    boolean awaitsAnswer();
}
