package dev.cgnat.bench.peers;

import dev.cgnat.bench.load.Via;
import java.util.List;
import java.util.OptionalLong;

/**
 * A NAT with 1,000 ports, whatever it is.
 *
 * @param targets to which flows go, one behind a forward
 * @param ownCount how many flows the NAT itself counts at this moment
 */
record SmallPool(
        String name, Via via, List<String> targets, WorkerProcess clients, WorkerProcess server, Count ownCount) {
    /** Asks a NAT. */
    interface Count {
        /** Empty if it tells none. */
        OptionalLong now() throws PeersException;
    }

    static SmallPool of(Lab lab, Peer peer, List<String> targets) {
        return new SmallPool(peer.name(), peer.via(), targets, lab.clients(), lab.server(), OptionalLong::empty);
    }

    static SmallPool of(KernelNat nat) {
        return new SmallPool(Peers.NFT, nat.via(), nat.targets(), nat.clients(), nat.server(), nat::flows);
    }

    SmallPool to(List<String> others) {
        return new SmallPool(name, via, others, clients, server, ownCount);
    }

    SmallPool with(Count count) {
        return new SmallPool(name, via, targets, clients, server, count);
    }
}
