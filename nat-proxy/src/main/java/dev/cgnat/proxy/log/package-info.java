/**
 * The translation log: who had which external endpoint when. {@link dev.cgnat.proxy.log.TranslationLog} hears the NAT's
 * events under its lock and returns at once; one thread of its own writes them, and {@link dev.cgnat.proxy.log.Attribution}
 * reads them back.
 *
 * <pre>
 *   NatGate ──► TranslationLog ══► queue ══► LogWriter ──► Records ──► Sink: FileSink, SyslogSink (UDP, TCP), IpfixSink
 *   (lock)      bounded, drops                (thread)      wall clock, rate limits
 * </pre>
 *
 * <p>Read first: RFC 8158 sections 4 and 5 (events), RFC 6888 REQ-12 (no destinations unless asked), RFC 7011 sections 3, 8.4 and
 * 10.3 (messages, templates and UDP), RFC 5424 section 6, RFC 5426, RFC 6587 section 3.4.1, RFC 7422 section 3.
 */
@NullMarked
package dev.cgnat.proxy.log;

import org.jspecify.annotations.NullMarked;
