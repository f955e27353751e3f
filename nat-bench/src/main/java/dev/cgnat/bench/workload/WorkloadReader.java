package dev.cgnat.bench.workload;

import dev.cgnat.bench.load.Arrivals;
import dev.cgnat.bench.load.HoldTime;
import dev.cgnat.bench.load.Rate;
import dev.cgnat.bench.workload.Behaviour.Curve;
import dev.cgnat.bench.workload.Behaviour.Keeps;
import dev.cgnat.bench.workload.Behaviour.Openings;
import dev.cgnat.bench.workload.Behaviour.Opens;
import dev.cgnat.bench.workload.Behaviour.Recorded;
import dev.cgnat.bench.workload.Behaviour.Steady;
import dev.cgnat.core.CloseCause;
import dev.cgnat.core.address.Protocol;
import dev.cgnat.proxy.config.ConfigException;
import dev.cgnat.proxy.config.ConfigNode;
import dev.cgnat.proxy.config.Fields;
import dev.cgnat.proxy.config.Keys;
import dev.cgnat.proxy.config.Leaves;
import dev.cgnat.proxy.config.Located;
import dev.cgnat.proxy.config.Position;
import dev.cgnat.proxy.config.Problems;
import dev.cgnat.proxy.config.TextFile;
import dev.cgnat.proxy.config.YamlReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Makes a {@link Workload} of YAML; every mistake becomes a problem with its place. */
final class WorkloadReader {
    private static final Keys ROOT = () -> List.of("description", "groups");
    private static final Keys GROUP = () -> List.of(
            "name",
            "subscribers",
            "opens",
            "keeps",
            "lifetime",
            "destinations",
            "protocols",
            "ends",
            "bypass",
            "retry",
            "source-port",
            "pool");
    private static final Keys OPENS = () -> List.of("rate", "arrivals", "burst", "curve", "period", "recorded");
    private static final Keys KEEPS = () -> List.of("connections", "pause", "start-within");
    private static final Keys DESTINATIONS = () -> List.of("count", "from", "popularity");
    private static final Keys RETRY = () -> List.of("times", "after");
    private static final Keys PROTOCOLS = () -> words(Protocol.class);
    private static final Keys ENDS = () -> words(CloseCause.class);

    private static final String ZIPF = "zipf:";

    private final Path folder;
    private final Problems problems;

    private WorkloadReader(Path folder, Problems problems) {
        this.folder = folder;
        this.problems = problems;
    }

    /**
     * The workload of a text.
     *
     * @param label the file's name in messages
     * @param folder that files named in it are relative to
     * @throws ConfigException with every mistake, if there is any
     */
    static Workload read(String text, String label, String name, Path folder, Problems problems)
            throws ConfigException {
        Optional<ConfigNode> root = YamlReader.read(text, label, problems);
        if (root.isEmpty()) {
            if (problems.errors() == 0) {
                problems.error(Position.whole(label), "groups", "missing (expected: a list of groups)");
            }
            problems.throwIfErrors();
        }
        Fields fields = Fields.of(root.orElseThrow(), "", ROOT, problems);
        Optional<Workload> workload = workload(fields, name, folder, problems);
        problems.throwIfErrors();
        return workload.orElseThrow();
    }

    /** The workload that stands in {@code fields}, which may have {@code description} and {@code groups}; empty if it has mistakes. */
    static Optional<Workload> workload(Fields fields, String name, Path folder, Problems problems) {
        long before = problems.errors();
        String description = fields.read("description", Leaves::text, "");
        if (!fields.has("groups")) {
            fields.error(fields.at(), "groups", "missing (expected: a list of groups)");
        }
        List<Group> groups = new ArrayList<>();
        WorkloadReader reader = new WorkloadReader(folder, problems);
        for (Fields group : fields.sections("groups", GROUP)) {
            reader.group(group).ifPresent(groups::add);
        }
        return problems.errors() > before
                ? Optional.empty()
                : made(fields, () -> new Workload(name, description, groups));
    }

    private Optional<Group> group(Fields fields) {
        long before = problems.errors();
        String name = required(fields, "name", fields.read("name", Leaves::text), "a name");
        int subscribers = fields.read("subscribers", Leaves.guarded(Leaves::count, Group::requireSubscribers), 1);
        Optional<Behaviour> behaviour = behaviour(fields);
        HoldTime lifetime = required(
                fields,
                "lifetime",
                fields.read("lifetime", HoldTime::parse),
                "how long a flow lives, such as constant:1s or lognormal:p50=5s,p99=2m");
        Destinations destinations = destinations(fields);
        Mix<Protocol> protocols = mix(fields, "protocols", PROTOCOLS, Protocol.class, Protocol.TCP);
        Mix<CloseCause> ends = mix(fields, "ends", ENDS, CloseCause.class, CloseCause.CLIENT_FIN);
        double bypass = fields.read("bypass", Leaves.guarded(WorkloadReader::number, Group::requireBypass), 0.0);
        Retry retry = retry(fields);
        Group.SourcePort sourcePort =
                fields.read("source-port", Leaves.oneOf(Group.SourcePort.class), Group.SourcePort.EACH);
        Optional<String> pool = fields.read("pool", Leaves::text).map(Located::value);
        if (problems.errors() > before || behaviour.isEmpty()) {
            return Optional.empty();
        }
        return made(
                fields,
                () -> new Group(
                        name,
                        subscribers,
                        behaviour.get(),
                        lifetime,
                        destinations,
                        protocols,
                        ends,
                        bypass,
                        retry,
                        sourcePort,
                        pool));
    }

    private Optional<Behaviour> behaviour(Fields group) {
        if (group.has("opens") == group.has("keeps")) {
            String what = group.has("opens") ? "stands beside opens" : "missing";
            group.error(
                    group.has("keeps") ? group.at("keeps") : group.at(),
                    group.has("keeps") ? "keeps" : "opens",
                    what + " (expected: either opens or keeps)");
            return Optional.empty();
        }
        if (group.has("keeps")) {
            Fields fields = group.section("keeps", KEEPS);
            int connections = fields.read("connections", Leaves::count, 1);
            Duration pause = fields.read("pause", Leaves::duration, Duration.ofSeconds(1));
            Duration startWithin = fields.read("start-within", Leaves::duration, Duration.ZERO);
            return made(fields, () -> new Keeps(connections, pause, startWithin));
        }
        Fields fields = group.section("opens", OPENS);
        int burst = fields.read("burst", Leaves::count, 1);
        Optional<Behaviour> checked = made(fields, () -> new Opens(new Steady(1, Arrivals.CONSTANT), burst));
        Optional<Openings> openings = openings(fields); // read in any case, so that every mistake is told
        return checked.isEmpty() ? checked : openings.map(found -> new Opens(found, burst));
    }

    private Optional<Openings> openings(Fields fields) {
        if (fields.has("recorded")) {
            Stream.of("rate", "arrivals", "curve", "period")
                    .filter(fields::has)
                    .forEach(
                            key -> fields.error(fields.at(key), key, "stands beside recorded (expected: one of them)"));
            return fields.read("recorded", Leaves::text).flatMap(file -> recorded(fields, file));
        }
        Optional<Located<Rate>> rate = fields.read("rate", Rate::parse);
        if (!fields.has("rate")) {
            fields.error(fields.at(), "rate", "missing (expected: flows per time of each subscriber, such as 6/m)");
        }
        Arrivals process = fields.read("arrivals", Leaves.oneOf(Arrivals.class), Arrivals.POISSON);
        List<Double> curve = fields.readSome("curve", WorkloadReader::number).stream()
                .map(Located::value)
                .toList();
        Duration period = fields.read("period", Leaves::duration, Duration.ofDays(1));
        if (rate.isEmpty()) {
            return Optional.empty();
        }
        double perSecond = rate.get().value().perSecond();
        return fields.has("curve")
                ? made(fields, () -> new Curve(perSecond, process, curve, period))
                : Optional.of(new Steady(perSecond, process));
    }

    /** A file with a time in seconds in each line. */
    private Optional<Openings> recorded(Fields fields, Located<String> file) {
        Optional<String> text = TextFile.read(folder.resolve(file.value()), problems);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        List<Long> times = new ArrayList<>();
        int line = 0;
        for (String seconds : text.get().lines().toList()) {
            line++;
            try {
                times.add(Math.round(number(seconds.strip()) * 1e9));
            } catch (IllegalArgumentException e) {
                problems.error(
                        new Position(file.value(), line, 1),
                        "",
                        seconds + " (expected: a number of seconds such as 1.5)");
                return Optional.empty();
            }
        }
        return made(fields, () -> new Recorded(times));
    }

    private Destinations destinations(Fields group) {
        Fields fields = group.section("destinations", DESTINATIONS);
        int count = fields.read("count", Leaves::count, 1);
        Destinations usual = Destinations.one();
        return made(
                        fields,
                        () -> new Destinations(
                                fields.read("from", Leaves::endpoint, usual.first()),
                                count,
                                fields.read("popularity", WorkloadReader::skew, 0.0)))
                .orElse(usual);
    }

    private Retry retry(Fields group) {
        if (!group.has("retry")) {
            return Retry.never();
        }
        Fields fields = group.section("retry", RETRY);
        int times = fields.read("times", Leaves::count, 1);
        Duration after = fields.read("after", Leaves::duration, Duration.ofSeconds(1));
        return made(fields, () -> new Retry(times, after)).orElse(Retry.never());
    }

    private <E extends Enum<E>> Mix<E> mix(Fields group, String key, Keys keys, Class<E> type, E usual) {
        if (!group.has(key)) {
            return Mix.only(type, usual);
        }
        Fields fields = group.section(key, keys);
        Map<E, Double> weights = new EnumMap<>(type);
        for (E constant : type.getEnumConstants()) {
            fields.read(Leaves.word(constant), WorkloadReader::weight)
                    .ifPresent(weight -> weights.put(constant, weight.value()));
        }
        if (weights.isEmpty()) {
            if (keys.keys().stream().noneMatch(fields::has)) {
                fields.error(fields.at(), Leaves.word(usual), "missing (expected: the weight of at least one)");
            }
            return Mix.only(type, usual);
        }
        return new Mix<>(weights);
    }

    private static <T> Optional<T> made(Fields fields, Supplier<T> constructor) {
        try {
            return Optional.of(constructor.get());
        } catch (IllegalArgumentException e) {
            fields.refused(e);
            return Optional.empty();
        }
    }

    /** The value; reports that it is missing, and returns something that is never used, if there is none. */
    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"}) // nothing is made of the group then
    private static <T> T required(Fields fields, String key, Optional<Located<T>> value, String expected) {
        if (!fields.has(key)) {
            fields.error(fields.at(), key, "missing (expected: " + expected + ")");
        }
        return value.map(Located::value).orElse(null);
    }

    private static double number(String text) {
        try {
            double value = Double.parseDouble(text);
            if (value >= 0 && Double.isFinite(value)) {
                return value;
            }
        } catch (NumberFormatException e) {
            // falls through to the one message
        }
        throw new IllegalArgumentException("(expected: a number of 0 or more)");
    }

    private static double weight(String text) {
        double value = number(text);
        if (value == 0) {
            throw new IllegalArgumentException("(expected: a number above 0; leave out what never is)");
        }
        return value;
    }

    private static double skew(String text) {
        if (text.equals("uniform")) {
            return 0;
        }
        if (text.startsWith(ZIPF)) {
            return number(text.substring(ZIPF.length()));
        }
        throw new IllegalArgumentException("(expected: uniform, or zipf:EXPONENT such as zipf:1.1)");
    }

    private static List<String> words(Class<? extends Enum<?>> type) {
        return Stream.of(type.getEnumConstants()).map(Leaves::word).toList();
    }
}
