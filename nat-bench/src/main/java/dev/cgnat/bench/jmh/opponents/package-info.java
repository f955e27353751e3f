/**
 * What the port space is measured against: the searches of other NATs, each in its plain form over a bitmap of its own.
 * Written for these measurements; used by {@code natbench jmh} alone. The data structures of the originals are not
 * imitated, only which slots they try, in which order, and when they give up.
 */
@NullMarked
package dev.cgnat.bench.jmh.opponents;

import org.jspecify.annotations.NullMarked;
