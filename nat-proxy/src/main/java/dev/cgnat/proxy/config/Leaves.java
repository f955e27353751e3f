package dev.cgnat.proxy.config;

import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.PortRange;
import dev.cgnat.proxy.config.ListenerConfig.Target;
import inet.ipaddr.AddressStringException;
import inet.ipaddr.AddressStringParameters.RangeParameters;
import inet.ipaddr.HostName;
import inet.ipaddr.HostNameException;
import inet.ipaddr.HostNameParameters;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressSeqRange;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.IPAddressStringParameters;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How the values of a configuration are written. */
public final class Leaves {
    private static final Pattern DURATION =
            Pattern.compile("(?:(\\d{1,9})d)?(?:(\\d{1,9})h)?(?:(\\d{1,9})m)?(?:(\\d{1,9})s)?(?:(\\d{1,9})ms)?");
    private static final Pattern PORTS = Pattern.compile("(\\d{1,5})(?:\\s*-\\s*(\\d{1,5}))?");
    private static final Pattern HOST_PORT = Pattern.compile("(\\[[^\\[\\]]+]|[^:\\[\\]]+):(\\d{1,5})");
    private static final Pattern RATIO = Pattern.compile("\\d(?:\\.\\d{1,9})?");
    private static final Pattern COUNT = Pattern.compile("\\d{1,10}");
    private static final int MAX_PORT = 65_535;

    /** Addresses as people write them, and no older spelling: 127.1, 0x7f.1, 010.0.0.1 and 10.0.0.1-9 are refused. */
    private static final IPAddressStringParameters STRICT = strict();

    private static final HostNameParameters NAMES = new HostNameParameters.Builder()
            .allowEmpty(false)
            .allowPort(false)
            .allowService(false)
            .allowIPAddress(false)
            .setNormalizeToLowercase(false)
            .toParams();

    /** What no socket can be bound to: "this network" (RFC 1122), multicast, reserved and broadcast. */
    private static final List<IPAddressSeqRange> NOT_UNICAST =
            List.of(range("0.0.0.0/8"), range("224.0.0.0/4"), range("240.0.0.0/4"));

    private Leaves() {}

    /** Anything but nothing. */
    public static String text(String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("(expected: at least one character)");
        }
        return text;
    }

    static boolean truth(String text) {
        if (text.equals("true") || text.equals("false")) {
            return text.equals("true");
        }
        throw new IllegalArgumentException("(expected: true or false)");
    }

    /** {@code 0.8}: 0 to 1. */
    static double ratio(String text) {
        if (RATIO.matcher(text).matches()) {
            double value = Double.parseDouble(text);
            if (value <= 1) {
                return value;
            }
        }
        throw new IllegalArgumentException("(expected: a ratio from 0 to 1, such as 0.8)");
    }

    /** {@code 500ms}, {@code 60s}, {@code 2h4m}: whole numbers with units, the largest first. */
    public static Duration duration(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (text.isEmpty() || !matcher.matches()) {
            throw new IllegalArgumentException(
                    "(expected: a duration with its unit, such as 500ms, 60s, 10m, 2h4m or 1d)");
        }
        return Duration.ofDays(group(matcher, 1))
                .plusHours(group(matcher, 2))
                .plusMinutes(group(matcher, 3))
                .plusSeconds(group(matcher, 4))
                .plusMillis(group(matcher, 5));
    }

    /** {@code none} for nothing, or a duration. */
    static Optional<Duration> durationOrNone(String text) {
        if (!text.equals("none") && (text.isEmpty() || !DURATION.matcher(text).matches())) {
            throw new IllegalArgumentException("(expected: none, or a duration with its unit, such as 5m)");
        }
        return text.equals("none") ? Optional.empty() : Optional.of(duration(text));
    }

    /**
     * {@code leaf} with the last word given to {@code guard}, usually a constructor, so that a range stands in one
     * place only.
     */
    public static <T> Leaf<T> guarded(Leaf<T> leaf, Consumer<T> guard) {
        return text -> {
            T value = leaf.parse(text);
            guard.accept(value);
            return value;
        };
    }

    /** A whole number, 0 or more. */
    public static int count(String text) {
        if (COUNT.matcher(text).matches() && Long.parseLong(text) <= Integer.MAX_VALUE) {
            return Integer.parseInt(text);
        }
        throw new IllegalArgumentException("(expected: a whole number)");
    }

    /** {@code word} for {@code meaning}, or a number of at least 1. */
    static Leaf<Integer> countOr(String word, int meaning) {
        return text -> {
            if (text.equals(word)) {
                return meaning;
            }
            if (!COUNT.matcher(text).matches() || Long.parseLong(text) > Integer.MAX_VALUE || count(text) < 1) {
                throw new IllegalArgumentException("(expected: " + word + ", or a whole number of at least 1)");
            }
            return count(text);
        };
    }

    /** A constant by its name in lower case with hyphens. */
    public static <E extends Enum<E>> Leaf<E> oneOf(Class<E> type) {
        List<E> constants = Arrays.asList(type.getEnumConstants());
        return text -> constants.stream()
                .filter(constant -> word(constant).equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("(expected: "
                        + Words.or(constants.stream().map(Leaves::word).toList()) + ")"));
    }

    /** A constant as it is written: {@code FOUR_TUPLE} is {@code four-tuple}. */
    public static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** {@code 5000} or {@code 1025-5000}, none of them port 0, which means "any" to a socket. */
    static PortRange ports(String text) {
        Matcher matcher = PORTS.matcher(text);
        if (matcher.matches()) {
            int first = Integer.parseInt(matcher.group(1));
            int last = matcher.group(2) == null ? first : Integer.parseInt(matcher.group(2));
            if (first >= 1 && first <= last && last <= MAX_PORT) {
                return new PortRange(first, last);
            }
        }
        throw new IllegalArgumentException("(expected: a port or a range such as 1025-5000, from 1 to 65535)");
    }

    /** {@code 127.0.1.1}, {@code 127.0.1.0/29} or {@code 127.0.1.1-127.0.1.9}, IPv4 only. */
    static AddressRange addresses(String text) {
        IPAddressSeqRange range = parseRange(text);
        if (range.isIPv6()) {
            throw new IllegalArgumentException("(expected: IPv4 addresses; pools of IPv6 addresses do not exist yet)");
        }
        if (NOT_UNICAST.stream().anyMatch(range::overlaps)) {
            throw new IllegalArgumentException("(expected: addresses that a socket can be bound to)");
        }
        return toAddressRange(range);
    }

    /** {@code ranges} without {@code excluded}. */
    static List<AddressRange> subtract(List<AddressRange> ranges, List<AddressRange> excluded) {
        List<IPAddressSeqRange> rest = ranges.stream().map(Leaves::toSeqRange).toList();
        for (AddressRange hole : excluded) {
            IPAddressSeqRange gone = toSeqRange(hole);
            rest = rest.stream()
                    .flatMap(range -> Arrays.stream(range.subtract(gone)))
                    .toList();
        }
        return rest.stream().map(Leaves::toAddressRange).toList();
    }

    /** An address or prefix of either family, such as {@code 10.0.0.0/8}. */
    static IPAddress prefix(String text) {
        return parseBlock(text, "(expected: an address or prefix such as 10.0.0.0/8)");
    }

    /** {@code 127.0.0.1:1080} or {@code [::1]:1080}; port 0 takes a free one. */
    public static Endpoint endpoint(String text) {
        String expected = "(expected: address:port, such as 127.0.0.1:1080 or \"[::1]:1080\")";
        Matcher matcher = HOST_PORT.matcher(text);
        if (!matcher.matches() || Integer.parseInt(matcher.group(2)) > MAX_PORT) {
            throw new IllegalArgumentException(expected);
        }
        IPAddress address = parseAddress(withoutBrackets(matcher.group(1)), expected);
        if (address.isPrefixed() || address.isIPv6() != matcher.group(1).startsWith("[")) {
            throw new IllegalArgumentException(expected);
        }
        return new Endpoint(IpAddress.from(address.toInetAddress()), Integer.parseInt(matcher.group(2)));
    }

    /** {@code 127.0.0.1:5432}, {@code [::1]:5432} or {@code db.example.com:5432}. */
    static Target target(String text) {
        String expected = "(expected: host:port, such as db.example.com:5432)";
        Matcher matcher = HOST_PORT.matcher(text);
        if (!matcher.matches()
                || Integer.parseInt(matcher.group(2)) > MAX_PORT
                || matcher.group(2).matches("0+")) {
            throw new IllegalArgumentException(expected);
        }
        String host = withoutBrackets(matcher.group(1));
        boolean looksNumeric = matcher.group(1).startsWith("[") || host.matches("[0-9./]+");
        if (looksNumeric) {
            endpoint(matcher.group(1) + ":" + matcher.group(2));
        } else {
            try {
                new HostName(host, NAMES).validate();
            } catch (HostNameException e) {
                throw new IllegalArgumentException(expected, e);
            }
        }
        return new Target(host, Integer.parseInt(matcher.group(2)));
    }

    private static IPAddressSeqRange parseRange(String text) {
        int hyphen = text.indexOf('-');
        if (hyphen < 0) {
            return parseBlock(
                            text,
                            "(expected: an address, a prefix such as 127.0.1.0/29 or a range 127.0.1.1-127.0.1.9)")
                    .coverWithSequentialRange();
        }
        String expected = "(expected: a range such as 127.0.1.1-127.0.1.9, the lower address first)";
        IPAddress first = parseAddress(text.substring(0, hyphen).strip(), expected);
        IPAddress last = parseAddress(text.substring(hyphen + 1).strip(), expected);
        if (first.isPrefixed() || last.isPrefixed() || first.isIPv4() != last.isIPv4() || first.compareTo(last) > 0) {
            throw new IllegalArgumentException(expected);
        }
        return first.spanWithRange(last);
    }

    /** 10.0.0.5/8 is refused: nobody can tell whether one address or 16,777,216 are meant. */
    private static IPAddress parseBlock(String text, String expected) {
        IPAddress address = parseAddress(text, expected);
        if (address.isPrefixed() && !address.isPrefixBlock()) {
            throw new IllegalArgumentException("(expected: the first address of the prefix, "
                    + address.toPrefixBlock().toCanonicalString() + ", or no prefix length)");
        }
        return address;
    }

    private static IPAddress parseAddress(String text, String expected) {
        try {
            return new IPAddressString(text, STRICT).toAddress();
        } catch (AddressStringException e) {
            throw new IllegalArgumentException(expected, e);
        }
    }

    private static IPAddressSeqRange range(String prefix) {
        return parseAddress(prefix, "a constant").coverWithSequentialRange();
    }

    private static IPAddressSeqRange toSeqRange(AddressRange range) {
        return range(range.first().toString())
                .getLower()
                .spanWithRange(range(range.last().toString()).getLower());
    }

    private static AddressRange toAddressRange(IPAddressSeqRange range) {
        return new AddressRange(
                IpAddress.from(range.getLower().toInetAddress()),
                IpAddress.from(range.getUpper().toInetAddress()));
    }

    private static String withoutBrackets(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private static long group(Matcher matcher, int group) {
        return matcher.group(group) == null ? 0 : Long.parseLong(matcher.group(group));
    }

    private static IPAddressStringParameters strict() {
        IPAddressStringParameters.Builder builder = new IPAddressStringParameters.Builder()
                .allowEmpty(false)
                .allowAll(false)
                .allowSingleSegment(false)
                .allowMask(false)
                .allowPrefixOnly(false)
                .allowWildcardedSeparator(false)
                .allow_inet_aton(false)
                .setRangeOptions(RangeParameters.NO_RANGE);
        builder.getIPv4AddressParametersBuilder().allowLeadingZeros(false);
        builder.getIPv6AddressParametersBuilder().allowZone(false);
        return builder.toParams();
    }
}
