/**
 * What clients ask of a NAT: groups of subscribers, each with its behaviour. The simulator and the load driver both follow it.
 *
 * <pre>
 *   Workload ──► Group ──► Behaviour: Opens (open loop) | Keeps (so many connections)
 *                  └─────► GroupDemand: when, who, where to, for how long
 * </pre>
 *
 * <p>Immutable records, free for every caller; a {@link dev.cgnat.bench.workload.GroupDemand} belongs to one thread.
 */
@NullMarked
package dev.cgnat.bench.workload;

import org.jspecify.annotations.NullMarked;
