/**
 * The measurements of {@code natbench jmh}: what a decision costs, by JMH, each in a process of its own.
 *
 * <pre>
 *   BenchPlan ──► BenchCase* ──► BenchRunner ──► Measurement*     this process
 *                                   │ one fork for each case
 *                                   ▼
 *                     PortSpaceBench | SparseBench | NatBench | GateBench
 *                     Costs: processor time and refused grants of an iteration
 *                     Ref:   what one dependent random memory read costs at that moment
 * </pre>
 *
 * <p>The only package of this module that looks inside nat-core and at the proxy's gate: it measures them.
 */
@NullMarked
package dev.cgnat.bench.jmh;

import org.jspecify.annotations.NullMarked;
