package dev.cgnat.bench.trace;

import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.Subscriber;
import dev.cgnat.proxy.config.SubscriberConfig;
import inet.ipaddr.AddressStringException;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.IPAddressStringParameters;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which addresses are inside, and who has them. <b>Ownership</b>: one thread. <b>Costs</b>: about 150 bytes for each subscriber
 * that was met.
 */
public final class Inside {
    private static final IPAddressStringParameters PREFIX = new IPAddressStringParameters.Builder()
            .allowEmpty(false)
            .allowAll(false)
            .allowMask(false)
            .allowSingleSegment(false)
            .allow_inet_aton(false)
            .allowWildcardedSeparator(false)
            .toParams();

    private final Block[] blocks;
    private final Block[] bypass;
    private final SubscriberConfig config;
    /** By the first address of each subscriber. */
    private final Map<IpAddress, Member> members = new HashMap<>();

    private record Member(Subscriber subscriber, int number) {}

    private record Block(IpAddress first, IpAddress last) {
        static Block of(IPAddress prefix) {
            return new Block(
                    IpAddress.from(prefix.getLower().toInetAddress()),
                    IpAddress.from(prefix.getUpper().toInetAddress()));
        }

        boolean contains(IpAddress address) {
            return first.isIpv4() == address.isIpv4() // every IPv4 address lies within ::/0 as well
                    && first.compareTo(address) <= 0
                    && address.compareTo(last) <= 0;
        }
    }

    private Inside(List<Block> blocks, List<Block> bypass, SubscriberConfig config) {
        this.blocks = blocks.toArray(new Block[0]);
        this.bypass = bypass.toArray(new Block[0]);
        this.config = config;
    }

    /**
     * What lies inside of some prefixes.
     *
     * @param prefixes such as {@code 10.0.0.0/8} or {@code 2001:db8::/32}, or single addresses; at least one
     * @param config how many leading bits of an address tell a subscriber
     * @param bypass destinations that need no translation
     * @throws IllegalArgumentException if one of them is no prefix
     */
    public static Inside of(List<String> prefixes, SubscriberConfig config, List<IPAddress> bypass) {
        if (prefixes.isEmpty()) {
            throw new IllegalArgumentException("inside: [] (expected: at least one prefix)");
        }
        return new Inside(
                prefixes.stream().map(prefix -> Block.of(parse(prefix))).toList(),
                bypass.stream().map(Block::of).toList(),
                config);
    }

    /**
     * The addresses of the subscribers that were met: of each prefix, from its first one to its last.
     *
     * @throws IllegalArgumentException if these are too far apart for a range
     */
    public List<AddressRange> ranges() {
        List<AddressRange> ranges = new ArrayList<>();
        List<IpAddress> firsts = new ArrayList<>(members.keySet());
        for (Block block : blocks) {
            List<IpAddress> here = firsts.stream().filter(block::contains).toList();
            firsts.removeAll(here);
            if (!here.isEmpty()) {
                ranges.add(new AddressRange(Collections.min(here), lastOf(Collections.max(here))));
            }
        }
        return ranges;
    }

    /** The last address of the subscriber whose first one it is. */
    private IpAddress lastOf(IpAddress first) {
        return Block.of(parse(config.prefixOf(first))).last();
    }

    Host host(IpAddress address) {
        if (!isAny(blocks, address)) {
            return new Host(address, null, -1, isAny(bypass, address));
        }
        Member member = members.computeIfAbsent(
                config.prefixAddressOf(address),
                key -> new Member(new Subscriber(config.prefixOf(address)), members.size()));
        return new Host(address, member.subscriber, member.number, false);
    }

    private static boolean isAny(Block[] blocks, IpAddress address) {
        for (Block block : blocks) {
            if (block.contains(address)) {
                return true;
            }
        }
        return false;
    }

    private static IPAddress parse(String prefix) {
        try {
            IPAddress address = new IPAddressString(prefix, PREFIX).toAddress();
            if (address != null) {
                return address.toPrefixBlock();
            }
        } catch (AddressStringException | RuntimeException e) {
            // told below
        }
        throw new IllegalArgumentException(
                "inside: " + prefix + " (expected: a prefix such as 10.0.0.0/8 or 2001:db8::/32)");
    }
}
