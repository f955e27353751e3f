/**
 * The command line of nat-bench: {@link dev.cgnat.bench.NatBenchMain}, one class for each subcommand, and the story that
 * {@code demo} tells. Of nat-proxy it uses the façade and the configuration alone.
 */
@NullMarked
package dev.cgnat.bench;

import org.jspecify.annotations.NullMarked;
