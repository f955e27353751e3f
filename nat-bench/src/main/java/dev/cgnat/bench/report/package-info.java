/** What the commands print: text for people, JSON and CSV for programs, a page with charts; thresholds, and comparison of runs. */
@NullMarked
package dev.cgnat.bench.report;

import org.jspecify.annotations.NullMarked;
