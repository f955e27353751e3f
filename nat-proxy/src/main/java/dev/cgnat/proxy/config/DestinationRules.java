package dev.cgnat.proxy.config;

import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressNetwork.IPAddressGenerator;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.ipv6.IPv6Address;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where flows may go. Asked for the address that is dialled, after any name was resolved, so no name and no other spelling of
 * an address gets around it: an IPv6 address in which an IPv4 address is embedded is judged as that one too.
 *
 * <pre>
 *   acl.deny-destinations   denied to everybody
 *   acl.allow-ports         what is not among them is denied to everybody
 *   defaults                denied while a listener may serve others than this host, but for acl.allow-destinations and for
 *                           what the operator named himself, as the target of a forward
 * </pre>
 *
 * <p>Immutable. <b>Costs</b>: nothing without rules, else a step for each prefix.
 *
 * <p><b>RFC</b>: 6890 for the special addresses, 6052 and 8215 (NAT64), 3056 (6to4), 4380 (Teredo), 2765 (SIIT) for those that
 * embed others.
 */
public final class DestinationRules {
    /** What belongs to this host or its link, or hands out secrets to whoever can reach it. */
    private static final List<IPAddress> DEFAULTS = Stream.of(
                    "0.0.0.0/8", // this host
                    "127.0.0.0/8",
                    "169.254.0.0/16", // link-local; 169.254.169.254 tells the secrets of an instance in most clouds
                    "100.100.100.200", // the same at Alibaba
                    "168.63.129.16", // the same at Azure
                    "192.0.0.192", // the same at Oracle
                    "224.0.0.0/4", // multicast
                    "240.0.0.0/4", // reserved, and broadcast
                    "::",
                    "::1",
                    "fe80::/10",
                    "fec0::/10", // site-local, of old
                    "ff00::/8",
                    "fd00:ec2::254", // metadata at Amazon
                    "fd20:ce::254") // metadata at Google
            .map(prefix -> new IPAddressString(prefix).getAddress())
            .toList();

    private static final IPAddress LOCAL_NAT64 = new IPAddressString("64:ff9b:1::/48").getAddress();
    /** Of the eight bytes of an IPv4 address after a /48, the fifth is none of its own (RFC 6052 section 2.2). */
    private static final int[] AFTER_48 = {6, 7, 9, 10};

    private static final int LAST_FOUR = 12;
    private static final IPAddressGenerator GENERATOR = new IPAddressGenerator();

    private final AccessConfig access;
    private final boolean hasDefaults;

    /** @param hasDefaults whether what is denied by default is denied */
    public DestinationRules(AccessConfig access, boolean hasDefaults) {
        this.access = access;
        this.hasDefaults = hasDefaults;
    }

    /** The rules of {@code config}, with the defaults if a listener of it may serve somebody on another machine. */
    public static DestinationRules of(ProxyConfig config) {
        return new DestinationRules(
                config.access(), !config.listeners().stream().allMatch(ListenerConfig::servesThisHostAlone));
    }

    /**
     * The rule by which nobody may go to {@code destination}, as the configuration names it; empty if one may.
     *
     * @param isNamed whether the operator himself has named it, so that only his own rules hold
     */
    public Optional<String> denial(Endpoint destination, boolean isNamed) {
        if (!access.allowPorts().isEmpty()
                && access.allowPorts().stream().noneMatch(range -> range.contains(destination.port()))) {
            return Optional.of("acl.allow-ports");
        }
        boolean mayBeDefault = hasDefaults && !isNamed;
        if (access.denyDestinations().isEmpty() && !mayBeDefault) {
            return Optional.empty();
        }
        return ofAddress(destination.address(), mayBeDefault);
    }

    private Optional<String> ofAddress(IpAddress address, boolean mayBeDefault) {
        List<IPAddress> forms = forms(address);
        for (IPAddress form : forms) {
            Optional<IPAddress> denied = find(access.denyDestinations(), form);
            if (denied.isPresent()) {
                return denied.map(prefix -> "acl.deny-destinations " + prefix.toCanonicalString());
            }
        }
        for (IPAddress form : mayBeDefault ? forms : List.<IPAddress>of()) {
            Optional<IPAddress> denied = find(DEFAULTS, form);
            boolean isExempt = find(access.allowDestinations(), form).isPresent()
                    || find(access.allowDestinations(), forms.get(0)).isPresent();
            if (denied.isPresent() && !isExempt) {
                return denied.map(prefix -> prefix.toCanonicalString() + " is denied by default");
            }
        }
        return Optional.empty();
    }

    private static Optional<IPAddress> find(List<IPAddress> prefixes, IPAddress address) {
        for (IPAddress prefix : prefixes) {
            if (prefix.contains(address)) {
                return Optional.of(prefix);
            }
        }
        return Optional.empty();
    }

    /** The address itself, then those that somebody on the way would send it on to. */
    private static List<IPAddress> forms(IpAddress address) {
        IPAddress self = GENERATOR.from(address.toInetAddress());
        if (self.isIPv4()) {
            return List.of(self);
        }
        IPv6Address outer = self.toIPv6();
        List<IPAddress> forms = new ArrayList<>(List.of(outer));
        boolean endsInIpv4 =
                outer.isIPv4Compatible() || outer.isIPv4Translatable() || outer.isWellKnownIPv4Translatable();
        if (endsInIpv4) {
            forms.add(outer.getEmbeddedIPv4Address());
        } else if (outer.is6To4()) {
            forms.add(outer.get6To4IPv4Address());
        } else if (outer.isTeredo()) {
            byte[] bytes = outer.getBytes();
            byte[] hidden = new byte[4];
            for (int i = 0; i < hidden.length; i++) {
                hidden[i] = (byte) ~bytes[LAST_FOUR + i];
            }
            forms.add(GENERATOR.from(hidden));
        } else if (LOCAL_NAT64.contains(outer)) {
            byte[] bytes = outer.getBytes();
            byte[] embedded = new byte[AFTER_48.length];
            for (int i = 0; i < embedded.length; i++) {
                embedded[i] = bytes[AFTER_48[i]];
            }
            IPAddress after48 = GENERATOR.from(embedded);
            forms.add(after48.isZero() ? outer.getEmbeddedIPv4Address() : after48); // or of a /96 within the /48
        }
        return forms;
    }
}
