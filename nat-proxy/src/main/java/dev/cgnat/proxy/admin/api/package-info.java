/**
 * What stands under {@code /api/v1}; API.md of this module is the reference. Each class has some paths that belong together, and is
 * given to the server as an {@link dev.cgnat.proxy.admin.http.ApiRoutes.Group}.
 *
 * <p>Everything is read from weakly consistent views or by short looks under the lock of the NAT, so that no flow waits.
 *
 * <p>Read first: API.md, RFC 9457.
 */
@NullMarked
package dev.cgnat.proxy.admin.api;

import org.jspecify.annotations.NullMarked;
