package dev.cgnat.bench.trace;

import dev.cgnat.core.address.IpAddress;
import inet.ipaddr.AddressStringException;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.IPAddressStringParameters;
import org.jspecify.annotations.Nullable;

/**
 * Reads addresses out of rows and says of each whose it is. <b>Ownership</b>: one thread. <b>Costs</b>: an IPv4 address that was
 * met before no object; memory does not grow.
 */
/*
 * The dotted quads of a busy log are read by hand, into the 128 bits that tell the address; anything else goes to the library,
 * whose objects would cost more than the rest of the line. What was found out about an address is kept in a table where each
 * address has two places; if others have both, it takes the first.
 */
final class RowAddresses {
    private static final int PLACES = 1 << 15;
    private static final long IPV4_MAPPED = 0xffff_0000_0000L;
    private static final IPAddressStringParameters ONE_ADDRESS = new IPAddressStringParameters.Builder()
            .allowEmpty(false)
            .allowAll(false)
            .allowPrefix(false)
            .allowMask(false)
            .allowSingleSegment(false)
            .allow_inet_aton(false)
            .allowWildcardedSeparator(false)
            .toParams();

    private final Inside inside;
    private final @Nullable Host[] hosts = new @Nullable Host[2 * PLACES];
    /** Whose {@link #hosts} they are, so that only the one that is meant has to be fetched from memory. */
    private final int[] quads = new int[2 * PLACES];

    private final @Nullable Spelling[] spellings = new @Nullable Spelling[PLACES];

    private record Spelling(String text, Host host) {}

    RowAddresses(Inside inside) {
        this.inside = inside;
    }

    Host host(Row row, Column column) throws BrokenLineException {
        long quad = quad(row, column);
        if (quad < 0) {
            return spelled(row, column);
        }
        int place = (int) ((quad * 0x9E37_79B9_7F4A_7C15L) >>> 49);
        Host host = hosts[place];
        if (host != null && quads[place] == (int) quad) {
            return host;
        }
        int other = PLACES + (int) ((quad * 0xC2B2_AE3D_27D4_EB4FL) >>> 49);
        Host second = hosts[other];
        if (second != null && quads[other] == (int) quad) {
            return second;
        }
        Host found = inside.host(new IpAddress(0, IPV4_MAPPED | quad));
        int chosen = host == null || second != null ? place : other;
        hosts[chosen] = found;
        quads[chosen] = (int) quad;
        return found;
    }

    /** The 32 bits of an IPv4 address, -1 if it is none. */
    private static long quad(Row row, Column column) {
        long bits = 0;
        int part = -1;
        int parts = 1;
        int length = row.length(column);
        for (int i = 0; i < length; i++) {
            char c = row.charAt(column, i);
            if (c >= '0' && c <= '9') {
                part = part < 0 ? c - '0' : part * 10 + c - '0';
                if (part > 255) {
                    return -1;
                }
            } else if (c == '.' && part >= 0 && parts < 4) {
                bits = (bits << 8) | part;
                part = -1;
                parts++;
            } else {
                return -1;
            }
        }
        return parts == 4 && part >= 0 ? (bits << 8) | part : -1;
    }

    private Host spelled(Row row, Column column) throws BrokenLineException {
        String text = row.string(column);
        int place = (text.hashCode() * 0x9E37_79B9) >>> 17;
        Spelling known = spellings[place];
        if (known != null && known.text.equals(text)) {
            return known.host;
        }
        try {
            IPAddress address = new IPAddressString(text, ONE_ADDRESS).toAddress();
            if (address != null && !address.isMultiple() && text.indexOf('%') < 0) {
                Host host = inside.host(IpAddress.from(address.toInetAddress()));
                spellings[place] = new Spelling(text, host);
                return host;
            }
        } catch (AddressStringException e) {
            // told below
        }
        throw BrokenLineException.of(column, text, "an IPv4 or IPv6 address");
    }
}
