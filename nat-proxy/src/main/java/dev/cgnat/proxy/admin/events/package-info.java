/**
 * What happens, for those who listen: kept in rings, so that nobody who listens slowly holds anything up, and told as server-sent
 * events; and the samples and alarms that are taken each second.
 *
 * <p>Read first: the section on server-sent events of the HTML standard, RFC 7659 section 3.1.2 (thresholds).
 */
@NullMarked
package dev.cgnat.proxy.admin.events;

import org.jspecify.annotations.NullMarked;
