package dev.cgnat.proxy.config;

import dev.cgnat.proxy.config.ListenerConfig.Target;
import java.nio.file.Path;

/** Where the translation log goes. */
public sealed interface LogSink {
    /** Greatest number of an observation domain: 32 bits without sign (RFC 7011 section 3.1). */
    long MAX_DOMAIN = 0xffff_ffffL;

    /** How it is written in a configuration; a label of metrics. */
    String label();

    /** How a record is written as a line. */
    enum Format {
        JSONL,
        CSV
    }

    /** What carries syslog messages. */
    enum Protocol {
        /** One message in a datagram (RFC 5426). */
        UDP,
        /** Counted octets (RFC 6587 section 3.4.1). */
        TCP
    }

    /** Nothing is logged. */
    record None() implements LogSink {
        @Override
        public String label() {
            return "none";
        }
    }

    /** The standard output of the process. */
    record Stdout(Format format) implements LogSink {
        @Override
        public String label() {
            return "stdout";
        }
    }

    /**
     * A file that grows, and may be renamed or deleted by others at any time.
     *
     * @param path its folder exists
     */
    record File(Path path, Format format) implements LogSink {
        @Override
        public String label() {
            return "file";
        }
    }

    /** A syslog collector, which gets RFC 5424 messages with JSON in them. */
    record Syslog(Target collector, Protocol protocol) implements LogSink {
        @Override
        public String label() {
            return "syslog";
        }
    }

    /**
     * An IPFIX collector, over UDP.
     *
     * @param observationDomain 0 to 4,294,967,295; tells this proxy from others behind the same address
     */
    record Ipfix(Target collector, long observationDomain) implements LogSink {
        public Ipfix {
            if (observationDomain < 0 || observationDomain > MAX_DOMAIN) {
                throw new IllegalArgumentException(
                        "observation-domain: " + observationDomain + " (expected: 0 to " + MAX_DOMAIN + ")");
            }
        }

        @Override
        public String label() {
            return "ipfix";
        }
    }
}
