package dev.cgnat.proxy.diagnose;

import java.util.Locale;

/** What ails a pool. */
public enum Verdict {
    /** Flows are opened and not closed: the live ones grow in number and age while no more are asked for than before. */
    LEAK("find who keeps flows open, and close them; a shorter timeouts.established ends those that are silent"),
    /** More slots rest than live: flows are short, and their hold-down is long for so many of them. */
    CHURN("a shorter hold-down for what ends most flows, or more ports; reuse connections instead of opening new ones"),
    /** As many flows live at once as there are slots. */
    CONCURRENCY("more external addresses or ports, or fewer flows at a time"),
    /** The imitated search ends before it meets a free slot. */
    SEARCH_LIMIT("port-selection: uniform, which finds every free port; or more ports, so that the search meets one"),
    /** The subscriber's own address is full while others are not. */
    PAIRING("paired-overflow: spill, or pooling: arbitrary; or spread the busiest subscribers"),
    /** Subscribers have all the blocks that they may have, or free ports stand in blocks of others. */
    BLOCKS(
            "blocks.max-per-subscriber higher where subscribers are at their limit; smaller blocks where free ports stand in blocks"
                    + " of others"),
    /** Subscribers, or destinations, have all that they may have. */
    QUOTA("a higher limit, if those who reach it may have more"),
    /** Flows fail, but not for want of a port: destinations, rules, the host's descriptors or other sockets. */
    NOT_THE_NAT("look at the destinations, at this host and at the rules; no change of the pool will help"),
    /** Nothing is wrong. */
    NONE("");

    private final String remedy;

    Verdict(String remedy) {
        this.remedy = remedy;
    }

    /** Lower case with underscores, such as {@code not_the_nat}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What would fix it; empty if nothing needs to be. */
    public String remedy() {
        return remedy;
    }
}
