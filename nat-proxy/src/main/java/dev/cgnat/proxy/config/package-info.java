/**
 * The configuration of a proxy: immutable records, and the loader that makes them of YAML and profiles.
 *
 * <p>Records may be made by any program; the loader collects every mistake of a file with its line and column before
 * the records, whose constructors are the last guard, are made.
 *
 * <pre>
 *   file ──► YamlReader ──► ConfigNode ──► Overrides ──► ConfigReader ─────────────────────► ProxyConfig
 *                           (positions)    (--set)       Fields, Leaf: every value alone
 *   profile ─► YamlReader ─────────────────────────────► PoolDraft, ListenerDraft
 *                                                        CrossChecks: values together ──► Problems
 * </pre>
 */
@NullMarked
package dev.cgnat.proxy.config;

import org.jspecify.annotations.NullMarked;
