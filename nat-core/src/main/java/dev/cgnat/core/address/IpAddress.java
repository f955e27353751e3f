package dev.cgnat.core.address;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * An IPv4 or IPv6 address without zone, 128 bits wide.
 *
 * <p>An IPv4 address is kept in its IPv4-mapped form {@code ::ffff:a.b.c.d} (RFC 4291 section 2.5.5.2), so the two
 * spellings of one host are equal and no rule about the one can be evaded with the other.
 *
 * @param high the first eight bytes, in network order
 * @param low the last eight bytes, in network order
 */
public record IpAddress(long high, long low) implements Comparable<IpAddress> {
    private static final int BYTES = 16;
    private static final int GROUPS = 8;
    private static final long IPV4_MAPPED = 0xffff_0000_0000L;

    /** The IPv4 address of four parts, each 0 to 255. */
    public static IpAddress ofIpv4(int a, int b, int c, int d) {
        for (int part : new int[] {a, b, c, d}) {
            if (part < 0 || part > 255) {
                throw new IllegalArgumentException("part: " + part + " (expected: 0 to 255)");
            }
        }
        return new IpAddress(0, IPV4_MAPPED | ((long) a << 24) | (b << 16) | (c << 8) | d);
    }

    public static IpAddress from(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length == BYTES) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            return new IpAddress(buffer.getLong(), buffer.getLong());
        }
        return new IpAddress(
                0, IPV4_MAPPED | Integer.toUnsignedLong(ByteBuffer.wrap(bytes).getInt()));
    }

    public boolean isIpv4() {
        return high == 0 && low >>> 32 == 0xffff;
    }

    /** Whether it is 0.0.0.0 or ::, which stands for every address of a host (RFC 4291 section 2.5.2). */
    public boolean isUnspecified() {
        return high == 0 && (low == 0 || low == IPV4_MAPPED);
    }

    /**
     * The address {@code offset} places further.
     *
     * @param offset 0 or more
     * @throws ArithmeticException if the sum leaves the family
     */
    public IpAddress plus(long offset) {
        long sum = low + offset;
        long carry = Long.compareUnsigned(sum, low) < 0 ? 1 : 0;
        IpAddress result = new IpAddress(high + carry, sum);
        if (offset < 0 || result.compareTo(this) < 0 || result.isIpv4() != isIpv4()) {
            throw new ArithmeticException(this + " plus " + offset + " leaves the address family");
        }
        return result;
    }

    public InetAddress toInetAddress() {
        byte[] bytes = ByteBuffer.allocate(BYTES).putLong(high).putLong(low).array();
        try {
            return InetAddress.getByAddress(bytes); // turns the mapped form into an Inet4Address
        } catch (UnknownHostException e) {
            throw new AssertionError("only a wrong length is refused", e);
        }
    }

    /** Numeric order, every IPv4 address as its mapped form. */
    @Override
    public int compareTo(IpAddress other) {
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    /** Dotted decimals for IPv4; of IPv6 the canonical form of RFC 5952, such as {@code 2001:db8::1}. */
    @Override
    public String toString() {
        if (isIpv4()) {
            return toInetAddress().getHostAddress();
        }
        int start = 0;
        int length = 1; // a single group of zeros is written out
        for (int i = 0; i < GROUPS; i++) {
            int zeros = zerosFrom(i);
            if (zeros > length) { // of runs of the same length the first
                start = i;
                length = zeros;
            }
        }
        return length > 1 ? text(0, start) + "::" + text(start + length, GROUPS) : text(0, GROUPS);
    }

    private int zerosFrom(int group) {
        int end = group;
        while (end < GROUPS && group(end) == 0) {
            end++;
        }
        return end - group;
    }

    private String text(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> Integer.toHexString(group(i)))
                .collect(Collectors.joining(":"));
    }

    private int group(int i) {
        long half = i < GROUPS / 2 ? high : low;
        return (int) (half >>> (48 - 16 * (i % 4))) & 0xffff;
    }
}
