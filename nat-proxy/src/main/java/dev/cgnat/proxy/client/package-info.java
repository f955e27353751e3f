/**
 * The commands that ask a running proxy, over its admin API (API.md). Each command is one class; {@link
 * dev.cgnat.proxy.client.ApiClient} alone speaks HTTP, {@link dev.cgnat.proxy.client.ListWriter} alone knows the formats.
 *
 * <p>Known to {@link dev.cgnat.proxy.NatProxyMain} only; knows nothing of the proxy that runs in the same program.
 *
 * <p>Read first: RFC 9457 (problem bodies), and the API's server-sent events.
 */
@NullMarked
package dev.cgnat.proxy.client;

import org.jspecify.annotations.NullMarked;
