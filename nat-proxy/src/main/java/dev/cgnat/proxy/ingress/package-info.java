/**
 * The ways in: one front end per protocol, from a client's connection to a flow.
 *
 * <pre>
 *   AdmissionHandler ─► SocksVersionHandler │ ConnectHandler │ ForwardHandler │ TransparentHandler ─► PendingFlow ─► relay
 *    who, how many          the client's request, in its protocol                                 name, port,     bytes
 *                                                                                                 connection
 * </pre>
 *
 * <p>Where connections begin with a PROXY header, {@link dev.cgnat.proxy.ingress.ProxyHeaderHandler} stands before all that.
 *
 * <p>{@link dev.cgnat.proxy.ingress.ClientPipeline} shows every pipeline in one place.
 *
 * <p>Read first: RFC 1928, RFC 9110 section 9.3.6, RFC 9209 (Proxy-Status); the kernel's tproxy.rst; the PROXY
 * protocol, versions 1 and 2.
 */
@NullMarked
package dev.cgnat.proxy.ingress;

import org.jspecify.annotations.NullMarked;
