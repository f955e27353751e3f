package dev.cgnat.core.address;

import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Consecutive addresses of one family.
 *
 * @param first the lowest address
 * @param last the highest address, inclusive; at most 2^31 - 1 places above {@code first}
 */
public record AddressRange(IpAddress first, IpAddress last) {
    public AddressRange {
        if (first.isIpv4() != last.isIpv4()) {
            throw new IllegalArgumentException("last: " + last + " (expected: the family of " + first + ")");
        }
        long distance = last.low() - first.low();
        if (last.compareTo(first) < 0 || last.high() != first.high() || distance < 0 || distance >= Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "last: " + last + " (expected: " + first + " or at most 2147483646 addresses above it)");
        }
    }

    public static AddressRange single(IpAddress address) {
        return new AddressRange(address, address);
    }

    /** Number of addresses, 1 or more. */
    public int size() {
        return (int) (last.low() - first.low()) + 1;
    }

    /** Each of them, ascending, made as it is asked for. */
    public Stream<IpAddress> addresses() {
        return IntStream.range(0, size()).mapToObj(first::plus);
    }

    public boolean contains(IpAddress address) {
        return first.compareTo(address) <= 0 && address.compareTo(last) <= 0;
    }

    @Override
    public String toString() {
        return first.equals(last) ? first.toString() : first + "-" + last;
    }
}
