/**
 * The ways in: one front end per protocol, from a client's connection to a flow.
 *
 * <pre>
 *   AdmissionHandler ─► Socks5Handler │ Socks4Handler │ ConnectHandler │ ForwardHandler │ TransparentHandler ─► PendingFlow ─► relay
 *    who, how many       the client's request, in its protocol                                                   name, port,    bytes
 *                                                                                                                connection
 * </pre>
 *
 * <p>Where connections begin with a PROXY header, {@link dev.cgnat.proxy.ingress.ProxyHeaderHandler} stands before all that.
 *
 * <p>{@link dev.cgnat.proxy.ingress.ClientPipeline} shows every pipeline in one place.
 *
 * <p>Read first: RFC 1928, RFC 1929, RFC 9110 section 9.3.6, RFC 7617 (Basic), RFC 9209 (Proxy-Status), the PROXY protocol's
 * versions 1 and 2, the kernel's tproxy.rst.
 */
@NullMarked
package dev.cgnat.proxy.ingress;

import org.jspecify.annotations.NullMarked;
