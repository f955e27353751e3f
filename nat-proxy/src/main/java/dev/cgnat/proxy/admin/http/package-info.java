/**
 * How a request of the admin API becomes an answer: parameters, bodies, problems, and the thread that does the work.
 *
 * <p>Read first: RFC 9110 sections 9 and 15, RFC 9457.
 */
@NullMarked
package dev.cgnat.proxy.admin.http;

import org.jspecify.annotations.NullMarked;
