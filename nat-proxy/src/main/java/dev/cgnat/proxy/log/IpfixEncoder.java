package dev.cgnat.proxy.log;

import dev.cgnat.core.Refusal;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.address.Subscriber;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Messages of IPFIX (RFC 7011) with records of NAT events (RFC 8158). <b>Ownership</b>: one thread.
 *
 * <pre>
 *   message header   version 10, length, export time, sequence number, observation domain    16 octets   RFC 7011 section 3.1
 *   set              id (2 = templates, else the template's), length                         4           section 3.3.2
 *   template record  id, count of fields, then number and length of each                     4 + 4n      section 3.4.1
 *   data record      the fields, one behind the other, no padding                                        section 3.4.3
 * </pre>
 */
final class IpfixEncoder {
    /** Fits the smallest MTU that a path to a collector is likely to have, with the headers of UDP and IPv6. */
    static final int MAX_MESSAGE = 1_400;

    /** Where the sequence number stands in a message. */
    static final int SEQUENCE_AT = 8;

    private static final int VERSION = 10;
    private static final int MESSAGE_HEADER = 16;
    private static final int SET_HEADER = 4;
    private static final int TEMPLATE_SET = 2;
    private static final int MAX_RECORD = 512;

    /** natQuotaExceededEvent, RFC 8158 section 4.4: maximum session entries, and maximum entries per user. */
    private static final int MAX_SESSIONS = 1;

    private static final int MAX_PER_USER = 3;

    /** natThresholdEvent, RFC 8158 section 4.5. */
    private static final int POOL_HIGH = 1;

    private static final int POOL_LOW = 2;

    private static final byte[] NO_IPV4 = new byte[4];

    private final boolean hasDestinations;
    private final boolean hasUsers;
    private final long domain;
    private final List<String> pools;
    private final ByteBuffer message = ByteBuffer.allocate(MAX_MESSAGE);
    private final ByteBuffer record = ByteBuffer.allocate(MAX_RECORD);
    private Optional<IpfixTemplate> openSet = Optional.empty();
    private int setStart;
    private int records;
    private long sequence;

    /**
     * @param hasUsers whether subscribers have names that are no addresses
     * @param pools their names; the first has the number 1
     */
    IpfixEncoder(long domain, boolean hasDestinations, boolean hasUsers, List<String> pools) {
        this.domain = domain;
        this.hasDestinations = hasDestinations;
        this.hasUsers = hasUsers;
        this.pools = List.copyOf(pools);
        begin();
    }

    /** Whether {@code message} begins with templates. */
    static boolean isOfTemplates(ByteBuffer message) {
        return message.getShort(MESSAGE_HEADER) == TEMPLATE_SET;
    }

    boolean isEmpty() {
        return message.position() == MESSAGE_HEADER;
    }

    /** Adds all templates to a message that is empty. */
    void addTemplates() {
        if (!isEmpty()) {
            throw new IllegalStateException(
                    "message: " + message.position() + " octets (expected: none but the header)");
        }
        beginSet(TEMPLATE_SET);
        for (IpfixTemplate template : IpfixTemplate.values()) {
            List<InformationElement> elements = template.elements(hasDestinations, hasUsers);
            putShort(message, template.id());
            putShort(message, elements.size());
            for (InformationElement element : elements) {
                putShort(message, element.number());
                putShort(message, element.length());
            }
        }
        endSet();
    }

    /** Adds {@code event}; false, and nothing is added, if this message has no room for it. What IPFIX has no event for is skipped. */
    boolean add(LogRecord event) {
        Optional<IpfixTemplate> template = encode(event);
        if (template.isEmpty()) {
            return true;
        }
        boolean isNewSet = !openSet.equals(template);
        record.flip();
        if (message.remaining() < record.remaining() + (isNewSet ? SET_HEADER : 0)) {
            return false;
        }
        if (isNewSet) {
            endSet();
            beginSet(template.get().id());
            openSet = template;
        }
        message.put(record);
        records++;
        return true;
    }

    /** Ends the message, and begins another. */
    ByteBuffer take(long epochSecond) {
        endSet();
        int length = message.position();
        message.putInt(4, (int) epochSecond);
        message.putInt(SEQUENCE_AT, (int) sequence); // data records of all messages before, modulo 2^32
        message.putInt(12, (int) domain);
        message.putShort(0, (short) VERSION);
        message.putShort(2, (short) length);
        ByteBuffer taken = ByteBuffer.allocate(length).put(message.flip()).flip();
        sequence += records;
        begin();
        return taken;
    }

    private void begin() {
        message.clear().position(MESSAGE_HEADER);
        records = 0;
    }

    private void beginSet(int id) {
        setStart = message.position();
        putShort(message, id);
        putShort(message, 0);
    }

    private void endSet() {
        if (setStart > 0) {
            message.putShort(setStart + 2, (short) (message.position() - setStart));
        }
        setStart = 0;
        openSet = Optional.empty();
    }

    private Optional<IpfixTemplate> encode(LogRecord event) {
        if (event.event().number().isEmpty()) {
            return Optional.empty();
        }
        record.clear();
        record.putLong(event.time().toEpochMilli());
        record.put((byte) event.event().number().getAsInt());
        if (event instanceof LogRecord.Session session) {
            return Optional.of(put(session));
        } else if (event instanceof LogRecord.Block block) {
            return Optional.of(put(block));
        } else if (event instanceof LogRecord.Quota quota) {
            return Optional.of(put(quota));
        } else if (event instanceof LogRecord.Exhausted exhausted) {
            return Optional.of(put(exhausted));
        } else {
            return Optional.of(put((LogRecord.Threshold) event));
        }
    }

    private IpfixTemplate put(LogRecord.Session session) {
        putAddress(session.internal().address());
        putAddress(session.external().address());
        record.put((byte) number(session.protocol()));
        putShort(record, session.internal().port());
        putShort(record, session.external().port());
        if (hasDestinations) {
            Endpoint destination = session.destination().orElseThrow();
            putAddress(destination.address());
            putShort(record, destination.port());
        }
        putUser(session.subscriber());
        return session.internal().address().isIpv4() ? IpfixTemplate.SESSION : IpfixTemplate.SESSION64;
    }

    private IpfixTemplate put(LogRecord.Block block) {
        boolean isIpv4 = putSubscriber(block.subscriber());
        putAddress(block.address());
        putShort(record, block.ports().first());
        putShort(record, block.ports().last());
        putUser(block.subscriber());
        return isIpv4 ? IpfixTemplate.BLOCK : IpfixTemplate.BLOCK64;
    }

    private IpfixTemplate put(LogRecord.Quota quota) {
        boolean isOfUser = quota.reason() != Refusal.DESTINATION_LIMIT;
        record.putInt(isOfUser ? MAX_PER_USER : MAX_SESSIONS);
        record.putInt((int) Math.min(quota.limit(), Integer.MAX_VALUE));
        if (!isOfUser) {
            return IpfixTemplate.SESSION_QUOTA;
        }
        putAddress(quota.internal());
        putUser(quota.subscriber());
        return quota.internal().isIpv4() ? IpfixTemplate.USER_QUOTA : IpfixTemplate.USER_QUOTA64;
    }

    private IpfixTemplate put(LogRecord.Exhausted exhausted) {
        if (exhausted.address().isEmpty()) {
            putPool(exhausted.pool());
            return IpfixTemplate.ADDRESSES_EXHAUSTED;
        }
        putAddress(exhausted.address().get());
        record.put((byte) number(exhausted.protocol()));
        return IpfixTemplate.PORTS_EXHAUSTED;
    }

    private IpfixTemplate put(LogRecord.Threshold threshold) {
        record.putInt(threshold.isHigh() ? POOL_HIGH : POOL_LOW);
        record.putInt(threshold.percent());
        putPool(threshold.pool());
        return threshold.isHigh() ? IpfixTemplate.HIGH_THRESHOLD : IpfixTemplate.LOW_THRESHOLD;
    }

    private void putPool(String pool) {
        record.putInt(pools.indexOf(pool) + 1);
    }

    private void putAddress(IpAddress address) {
        record.put(address.toInetAddress().getAddress());
    }

    /** The subscriber's address, the first of its prefix, or 0.0.0.0 if it is a user; returns whether that is IPv4. */
    private boolean putSubscriber(Subscriber subscriber) {
        IPAddress address = hasUsers ? null : new IPAddressString(subscriber.name()).getAddress();
        byte[] bytes = address == null ? NO_IPV4 : address.getLower().getBytes();
        record.put(bytes);
        return bytes.length == NO_IPV4.length;
    }

    /** RFC 7011 section 7: one octet of length, or three if it is 255 or more. */
    private void putUser(Subscriber subscriber) {
        if (hasUsers) {
            byte[] name = subscriber.name().getBytes(StandardCharsets.UTF_8);
            if (name.length < 255) {
                record.put((byte) name.length);
            } else {
                record.put((byte) 255);
                putShort(record, name.length);
            }
            record.put(name);
        }
    }

    /** As IANA numbers protocols. */
    private static int number(Protocol protocol) {
        return switch (protocol) {
            case TCP -> 6;
            case UDP -> 17;
            case ICMP -> 1;
        };
    }

    private static void putShort(ByteBuffer buffer, int value) {
        buffer.putShort((short) value);
    }
}
