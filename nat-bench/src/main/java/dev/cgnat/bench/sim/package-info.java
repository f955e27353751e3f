/**
 * NATs in virtual time: the allocator that serves real flows, driven by discrete events instead of a clock.
 *
 * <pre>
 *   GroupDemand ──► Simulation ──► VirtualNat ──► Nat ──► (Nat behind it)
 *   (or a log)          │              └─ EventQueue: ends of flows, timers
 *                       └─► Census ──► RunReport
 * </pre>
 *
 * <p>Nothing here knows a clock, a lock or hidden randomness: the same configuration, demand and seed give the same run. One
 * thread per run; several runs may go on side by side.
 */
@NullMarked
package dev.cgnat.bench.sim;

import org.jspecify.annotations.NullMarked;
