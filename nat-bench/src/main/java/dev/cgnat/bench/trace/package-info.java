/**
 * Flow logs of real networks: readers for Zeek, nfdump, VPC Flow Logs and CSV, and their replay through a NAT in virtual time.
 *
 * <pre>
 *   FlowLog (a file) ─► LogMerge ─► ReorderWindow ─► Stitcher ─► Replay ─► VirtualNat
 *   lines → flows        by time     in order         whole flows
 * </pre>
 *
 * <p>All streams: memory is bounded by the flows that live, rest or stand in the window, not by the length of the logs. The same
 * logs, options and seed give the same replay.
 */
@NullMarked
package dev.cgnat.bench.trace;

import org.jspecify.annotations.NullMarked;
