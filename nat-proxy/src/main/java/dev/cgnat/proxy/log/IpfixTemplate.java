package dev.cgnat.proxy.log;

import static dev.cgnat.proxy.log.InformationElement.ADDRESS_POOL_HIGH_THRESHOLD;
import static dev.cgnat.proxy.log.InformationElement.ADDRESS_POOL_LOW_THRESHOLD;
import static dev.cgnat.proxy.log.InformationElement.DESTINATION_IPV4_ADDRESS;
import static dev.cgnat.proxy.log.InformationElement.DESTINATION_TRANSPORT_PORT;
import static dev.cgnat.proxy.log.InformationElement.MAX_ENTRIES_PER_USER;
import static dev.cgnat.proxy.log.InformationElement.MAX_SESSION_ENTRIES;
import static dev.cgnat.proxy.log.InformationElement.NAT_EVENT;
import static dev.cgnat.proxy.log.InformationElement.NAT_POOL_ID;
import static dev.cgnat.proxy.log.InformationElement.NAT_QUOTA_EXCEEDED_EVENT;
import static dev.cgnat.proxy.log.InformationElement.NAT_THRESHOLD_EVENT;
import static dev.cgnat.proxy.log.InformationElement.OBSERVATION_TIME_MILLISECONDS;
import static dev.cgnat.proxy.log.InformationElement.PORT_RANGE_END;
import static dev.cgnat.proxy.log.InformationElement.PORT_RANGE_START;
import static dev.cgnat.proxy.log.InformationElement.POST_NAPT_SOURCE_TRANSPORT_PORT;
import static dev.cgnat.proxy.log.InformationElement.POST_NAT_SOURCE_IPV4_ADDRESS;
import static dev.cgnat.proxy.log.InformationElement.PROTOCOL_IDENTIFIER;
import static dev.cgnat.proxy.log.InformationElement.SOURCE_IPV4_ADDRESS;
import static dev.cgnat.proxy.log.InformationElement.SOURCE_IPV6_ADDRESS;
import static dev.cgnat.proxy.log.InformationElement.SOURCE_TRANSPORT_PORT;
import static dev.cgnat.proxy.log.InformationElement.USER_NAME;

import java.util.ArrayList;
import java.util.List;

/**
 * The kinds of record that are exported, each with the elements that RFC 8158 section 5 asks for; every one begins with the time
 * and the event. Numbers of templates begin at 256 (RFC 7011 section 3.4.1).
 */
enum IpfixTemplate {
    /** NAT44 session create and delete. */
    SESSION(
            256,
            Extra.SESSION,
            SOURCE_IPV4_ADDRESS,
            POST_NAT_SOURCE_IPV4_ADDRESS,
            PROTOCOL_IDENTIFIER,
            SOURCE_TRANSPORT_PORT,
            POST_NAPT_SOURCE_TRANSPORT_PORT),
    /** As before for a client with an IPv6 address: NAT64 session create and delete. */
    SESSION64(
            257,
            Extra.SESSION,
            SOURCE_IPV6_ADDRESS,
            POST_NAT_SOURCE_IPV4_ADDRESS,
            PROTOCOL_IDENTIFIER,
            SOURCE_TRANSPORT_PORT,
            POST_NAPT_SOURCE_TRANSPORT_PORT),
    ADDRESSES_EXHAUSTED(258, Extra.NONE, NAT_POOL_ID),
    PORTS_EXHAUSTED(259, Extra.NONE, POST_NAT_SOURCE_IPV4_ADDRESS, PROTOCOL_IDENTIFIER),
    USER_QUOTA(260, Extra.USER, NAT_QUOTA_EXCEEDED_EVENT, MAX_ENTRIES_PER_USER, SOURCE_IPV4_ADDRESS),
    USER_QUOTA64(261, Extra.USER, NAT_QUOTA_EXCEEDED_EVENT, MAX_ENTRIES_PER_USER, SOURCE_IPV6_ADDRESS),
    SESSION_QUOTA(262, Extra.NONE, NAT_QUOTA_EXCEEDED_EVENT, MAX_SESSION_ENTRIES),
    BLOCK(263, Extra.USER, SOURCE_IPV4_ADDRESS, POST_NAT_SOURCE_IPV4_ADDRESS, PORT_RANGE_START, PORT_RANGE_END),
    BLOCK64(264, Extra.USER, SOURCE_IPV6_ADDRESS, POST_NAT_SOURCE_IPV4_ADDRESS, PORT_RANGE_START, PORT_RANGE_END),
    HIGH_THRESHOLD(265, Extra.NONE, NAT_THRESHOLD_EVENT, ADDRESS_POOL_HIGH_THRESHOLD, NAT_POOL_ID),
    LOW_THRESHOLD(266, Extra.NONE, NAT_THRESHOLD_EVENT, ADDRESS_POOL_LOW_THRESHOLD, NAT_POOL_ID);

    /** What a configuration adds to the elements. */
    private enum Extra {
        NONE,
        /** The subscriber's name, where that is not an address. */
        USER,
        /** As before, and the destination if asked for. */
        SESSION
    }

    private final int id;
    private final Extra extra;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<InformationElement> own;

    IpfixTemplate(int id, Extra extra, InformationElement... own) {
        this.id = id;
        this.extra = extra;
        this.own = List.of(own);
    }

    int id() {
        return id;
    }

    /** In the order of the octets of a record. */
    List<InformationElement> elements(boolean hasDestinations, boolean hasUsers) {
        List<InformationElement> elements = new ArrayList<>(List.of(OBSERVATION_TIME_MILLISECONDS, NAT_EVENT));
        elements.addAll(own);
        if (hasDestinations && extra == Extra.SESSION) {
            elements.addAll(List.of(DESTINATION_IPV4_ADDRESS, DESTINATION_TRANSPORT_PORT));
        }
        if (hasUsers && extra != Extra.NONE) {
            elements.add(USER_NAME);
        }
        return elements;
    }
}
