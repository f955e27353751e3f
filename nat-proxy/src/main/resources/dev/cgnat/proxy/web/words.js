/** What each reason means, and what would help. By the labels of the API. */

/** The NAT refused: [in words, cause, remedy]. */
export const REFUSALS = {
  session_limit: ["Session limit", "A subscriber has all the live flows that it may have.",
    "Raise limits.sessions-per-subscriber, or find out what it opens: see the top subscribers by sessions."],
  port_limit: ["Port limit", "A subscriber has all the live and resting ports that it may have.",
    "Raise limits.ports-per-subscriber, or shorten the hold-down, so that resting ports come back sooner."],
  block_limit: ["Block limit", "A subscriber has all its port blocks, and no port in them is free.",
    "More or larger blocks per subscriber; the top subscribers by ports tell whom it hits."],
  rate_limit: ["Rate limit", "A subscriber opened more flows in a short time than it may.",
    "Look for scans or retry loops among the top subscribers by new flows; raise limits.new-per-second-per-subscriber if they are genuine."],
  destination_limit: ["Destination limit", "A destination has all the flows from one external address that it may have.",
    "Raise limits.sessions-per-destination, or add external addresses."],
  paired_address_full: ["Paired address full", "The subscriber's own external address has no free port; another address has.",
    "Use pooling: arbitrary, or spread the subscribers over more addresses."],
  held: ["Every port rests or lives", "No port is free, but some only rest after their last flow.",
    "Shorten the hold-down where it is safe, reuse ports for other destinations, or add addresses."],
  exhausted: ["Exhausted", "Every port towards that destination carries a live flow.",
    "Add external addresses or ports, or use a reuse scope that lets a port serve several destinations."],
  search_gave_up: ["Search gave up", "A port was free, but the imitated search stopped before it found it.",
    "Try more candidates, or a selection that looks at every free port."],
  os_bind: ["Ports taken by this host", "Ten ports that the pool chose were held by other sockets of this host.",
    "Keep net.ipv4.ip_local_port_range and other programs away from the pool's ports."],
  descriptors: ["Process at its limit", "The proxy has no file descriptor or no session left to give.",
    "Raise the limit of open files (ulimit -n), and limits.sessions if it is set."],
  draining: ["Draining", "Somebody asked that no new flows begin here.", "Undrain when the work is done."],
  log_unavailable: ["Translation log fails", "Nobody could write down who has the flow, and on-log-failure is refuse-new.",
    "See /readyz and the proxy's log for what ails the log's sink: a full disk, a collector that is gone."],
  denied: ["Denied", "An access rule forbids the destination.", "Change acl if the destination should be reachable."],
};

/** The NAT gave a port, and the destination was not reached all the same: not a matter of the NAT. */
export const OUTCOMES = {
  refused: ["Connection refused", "The destination answered, and nobody listens there.", "Check the service and its port at the destination."],
  timeout: ["No answer in time", "The destination, or a firewall on the way, says nothing.",
    "Check the route and filters from the external addresses; timeouts.connect says how long is waited."],
  unreachable: ["Unreachable", "There is no route, or the name is not known.", "Check routes and name servers of this host."],
  reset: ["Client gave up", "The client left before the destination answered.", "Compare the clients' time-out with the time to connect."],
};

/** What the proxy makes of it. */
export const VERDICTS = {
  leak: "flows are not closed", churn: "ports rest too long", concurrency: "too many flows at a time", search_limit: "the search ends too early",
  pairing: "paired addresses are full", blocks: "blocks run out", quota: "limits are reached", not_the_nat: "not the NAT",
};

export const RESULTS = ["established", "no_port", "refused", "timeout", "unreachable", "reset", "denied"];

export const word = (label) => label.replaceAll("_", " ");
