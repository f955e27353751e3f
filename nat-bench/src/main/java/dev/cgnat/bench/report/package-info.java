/** What the commands print: text for people, JSON for programs, and thresholds that a report meets or not. */
@NullMarked
package dev.cgnat.bench.report;

import org.jspecify.annotations.NullMarked;
