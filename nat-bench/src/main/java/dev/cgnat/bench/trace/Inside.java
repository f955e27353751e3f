package dev.cgnat.bench.trace;

import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.Subscriber;
import dev.cgnat.proxy.config.SubscriberConfig;
import inet.ipaddr.AddressStringException;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import java.util.ArrayList;
import java.util.List;

/** Which addresses are inside, and who has them. Immutable. */
public final class Inside {
    private final List<Block> blocks;
    private final SubscriberConfig subscribers;

    private record Block(IpAddress first, IpAddress last) {
        boolean contains(IpAddress address) {
            return first.compareTo(address) <= 0 && address.compareTo(last) <= 0;
        }
    }

    private Inside(List<Block> blocks, SubscriberConfig subscribers) {
        this.blocks = List.copyOf(blocks);
        this.subscribers = subscribers;
    }

    /**
     * @param prefixes such as {@code 10.0.0.0/8} or {@code 2001:db8::/32}, or single addresses; at least one
     * @param subscribers how many leading bits of an address tell a subscriber
     * @throws IllegalArgumentException if one of them is no prefix
     */
    public static Inside of(List<String> prefixes, SubscriberConfig subscribers) {
        List<Block> blocks = new ArrayList<>();
        for (String prefix : prefixes) {
            IPAddress address = parse(prefix).toPrefixBlock();
            blocks.add(new Block(
                    IpAddress.from(address.getLower().toInetAddress()),
                    IpAddress.from(address.getUpper().toInetAddress())));
        }
        if (blocks.isEmpty()) {
            throw new IllegalArgumentException("inside: [] (expected: at least one prefix)");
        }
        return new Inside(blocks, subscribers);
    }

    Host host(IpAddress address) {
        for (Block block : blocks) {
            if (block.contains(address)) {
                return new Host(address, new Subscriber(subscribers.prefixOf(address)));
            }
        }
        return new Host(address, null);
    }

    private static IPAddress parse(String prefix) {
        try {
            IPAddress address = new IPAddressString(prefix).toAddress();
            if (address != null) {
                return address;
            }
        } catch (AddressStringException | RuntimeException e) {
            // told below
        }
        throw new IllegalArgumentException(
                "inside: " + prefix + " (expected: a prefix such as 10.0.0.0/8 or 2001:db8::/32)");
    }
}
