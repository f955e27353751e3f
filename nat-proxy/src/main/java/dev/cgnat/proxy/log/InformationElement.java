package dev.cgnat.proxy.log;

/** The information elements of IPFIX that records are made of, as IANA numbers them. */
enum InformationElement {
    PROTOCOL_IDENTIFIER(4, 1),
    SOURCE_TRANSPORT_PORT(7, 2),
    SOURCE_IPV4_ADDRESS(8, 4),
    DESTINATION_TRANSPORT_PORT(11, 2),
    DESTINATION_IPV4_ADDRESS(12, 4),
    SOURCE_IPV6_ADDRESS(27, 16),
    POST_NAT_SOURCE_IPV4_ADDRESS(225, 4),
    POST_NAPT_SOURCE_TRANSPORT_PORT(227, 2),
    NAT_EVENT(230, 1),
    NAT_POOL_ID(283, 4),
    OBSERVATION_TIME_MILLISECONDS(323, 8),
    PORT_RANGE_START(361, 2),
    PORT_RANGE_END(362, 2),
    USER_NAME(371, InformationElement.VARIABLE),
    NAT_QUOTA_EXCEEDED_EVENT(466, 4),
    NAT_THRESHOLD_EVENT(467, 4),
    MAX_SESSION_ENTRIES(471, 4),
    MAX_ENTRIES_PER_USER(473, 4),
    ADDRESS_POOL_HIGH_THRESHOLD(476, 4),
    ADDRESS_POOL_LOW_THRESHOLD(477, 4);

    /** In a template: the length stands in each record (RFC 7011 section 7). */
    static final int VARIABLE = 0xffff;

    private final int number;
    private final int length;

    InformationElement(int number, int length) {
        this.number = number;
        this.length = length;
    }

    int number() {
        return number;
    }

    /** Octets, or {@link #VARIABLE}. */
    int length() {
        return length;
    }
}
