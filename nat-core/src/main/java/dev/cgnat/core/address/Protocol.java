package dev.cgnat.core.address;

import java.util.Locale;

/** The transport whose ports are lent; each has its own port space (RFC 4787, RFC 5382, RFC 5508). */
public enum Protocol {
    TCP(0),
    UDP(1),
    /** Query identifiers take the place of ports (RFC 5508 section 3.1). */
    ICMP(2);

    private final int number;
    private final String label = name().toLowerCase(Locale.ROOT);

    Protocol(int number) {
        this.number = number;
    }

    /** 0 to 2, for arrays with a place per protocol. */
    public int number() {
        return number;
    }

    /** Lower case, such as {@code tcp}. */
    public String label() {
        return label;
    }
}
