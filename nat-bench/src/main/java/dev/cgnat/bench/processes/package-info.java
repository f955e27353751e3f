/**
 * One load by several processes, where one has too few descriptors: the process that starts the others, and what each of those
 * does. Knows no command.
 */
@NullMarked
package dev.cgnat.bench.processes;

import org.jspecify.annotations.NullMarked;
