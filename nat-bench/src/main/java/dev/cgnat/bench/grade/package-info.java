/**
 * A NAT or proxy examined from outside, by its flows alone: clients on one side, sinks on the other that tell whom they see. It
 * knows nothing of this project's proxy.
 *
 * <p>Five parts: {@link dev.cgnat.bench.grade.Range} (clients and sinks), one class per question ({@code …Probe} asks,
 * the others read what the {@code Ledger} holds), {@link dev.cgnat.bench.grade.Findings} and {@link dev.cgnat.bench.grade.Verdicts} (what the evidence means), {@link
 * dev.cgnat.bench.grade.ProfileWriter}, and the report in {@code dev.cgnat.bench.report}.
 *
 * <p>Read first: RFC 4787 sections 4 and 5, RFC 5382, RFC 6888, RFC 6056 section 3, RFC 7857 section 3.
 */
@NullMarked
package dev.cgnat.bench.grade;

import org.jspecify.annotations.NullMarked;
