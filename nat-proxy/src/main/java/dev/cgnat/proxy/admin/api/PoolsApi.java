package dev.cgnat.proxy.admin.api;

import dev.cgnat.core.AddressState;
import dev.cgnat.core.NatSnapshot;
import dev.cgnat.core.NatSnapshot.PairCounts;
import dev.cgnat.core.NatSnapshot.PoolSnapshot;
import dev.cgnat.core.NatViews.AddressUse;
import dev.cgnat.core.NatViews.BlockUse;
import dev.cgnat.core.NatViews.Part;
import dev.cgnat.core.PoolCapacity;
import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.config.HoldDownConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.PortBlockConfig;
import dev.cgnat.proxy.admin.api.Listing.Cursor;
import dev.cgnat.proxy.admin.events.Alarms;
import dev.cgnat.proxy.admin.events.PoolWords;
import dev.cgnat.proxy.admin.http.Answer;
import dev.cgnat.proxy.admin.http.ApiRoutes;
import dev.cgnat.proxy.admin.http.Call;
import dev.cgnat.proxy.admin.http.Problem;
import dev.cgnat.proxy.config.AlarmConfig;
import dev.cgnat.proxy.config.ExhaustionAction;
import dev.cgnat.proxy.config.Leaves;
import dev.cgnat.proxy.config.LiveConfig;
import dev.cgnat.proxy.config.ProxyConfig;
import dev.cgnat.proxy.egress.AddressSwitch;
import dev.cgnat.proxy.egress.NatGate;
import dev.cgnat.proxy.metrics.ProxyMeters;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;

/** {@code /pools}: what each pool lends, by address and by block. */
public final class PoolsApi implements ApiRoutes.Group {
    /** Numbers of blocks that are looked at while flows wait; some 20 µs. */
    private static final int BLOCKS_AT_ONCE = 512;

    private final NatGate gate;
    private final LiveConfig config;
    private final ProxyMeters meters;
    private final AddressSwitch addresses;
    private final Alarms alarms;

    public PoolsApi(NatGate gate, LiveConfig config, ProxyMeters meters, AddressSwitch addresses, Alarms alarms) {
        this.gate = gate;
        this.config = config;
        this.meters = meters;
        this.addresses = addresses;
        this.alarms = alarms;
    }

    @Override
    public void addTo(ApiRoutes routes) {
        routes.get("/pools", this::list)
                .get("/pools/{pool}", call -> Answer.ok(view(find(call.allowing()))))
                .get("/pools/{pool}/addresses", call -> Answer.ok(addresses(call)))
                .get("/pools/{pool}/blocks", call -> Answer.ok(blocks(call)));
    }

    private Answer list(Call call) {
        call.allowing();
        return Answer.ok(gate.snapshot().pools().stream().map(this::view).toList());
    }

    private PoolSnapshot find(Call call) {
        String name = call.path("pool");
        NatSnapshot snapshot = gate.snapshot();
        return snapshot.pools().stream()
                .filter(pool -> pool.config().name().equals(name))
                .findFirst()
                .orElseThrow(() -> Problem.notFound("pool: " + name + " (expected: one of "
                        + snapshot.pools().stream()
                                .map(pool -> pool.config().name())
                                .toList()
                        + ")"));
    }

    private Map<String, Object> view(PoolSnapshot pool) {
        PoolConfig rules = pool.config();
        ProxyConfig now = config.get();
        PoolCapacity capacity = PoolCapacity.of(rules, now.nat().limits());
        PairCounts pairs = pool.pairs(Protocol.TCP);
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("name", rules.name());
        keys.put(
                "capacity",
                ordered(
                        "ports", pairs.capacity(),
                        "addresses", rules.addressCount(),
                        "slotsToOne", capacity.slotsToOne(),
                        "slotsPerSubscriber", capacity.slotsPerSubscriber()));
        keys.put("ports", ports(pairs));
        keys.put("utilization", Alarms.utilization(pool));
        rules.blocks().ifPresent(blocks -> keys.put("blocks", blocks(pool, blocks)));
        keys.put("addresses", addressCounts(rules));
        keys.put("sessions", pool.sessions());
        keys.put("heldSlots", pool.heldSlots());
        keys.put("mappings", pool.mappings());
        keys.put("waiting", pool.waiting());
        keys.put("destinations", pool.units());
        keys.put("maxDestinationUtilization", pool.maxDestinationUtilization());
        keys.put("granted", pool.granted());
        keys.put("refused", PoolWords.refused(pool, meters));
        keys.put("released", PoolWords.released(pool));
        keys.put("setAside", pool.setAside());
        keys.put("unsafeReuses", pool.unsafeReuses());
        keys.put("reuseScope", rules.reuseScope().key());
        keys.put("mapping", rules.mapping().behaviour().key());
        keys.put("pooling", Leaves.word(rules.pooling().behaviour()));
        keys.put("portSelection", Leaves.word(rules.selection().selection()));
        keys.put("holdDown", holdDown(rules.holdDown()));
        keys.put("onExhaustion", Leaves.word(now.onExhaustion().getOrDefault(rules.name(), ExhaustionAction.REFUSE)));
        AlarmConfig alarm = now.metrics().alarm(rules.name());
        keys.put(
                "alarm",
                ordered(
                        "raised", alarms.isRaised(rules.name()),
                        "raise", alarm.raise(),
                        "clear", alarm.clear(),
                        "intervalSeconds", seconds(alarm.interval())));
        keys.put("limits", SubscribersApi.limits(now.nat().limits()));
        return keys;
    }

    private static Map<String, Object> blocks(PoolSnapshot pool, PortBlockConfig blocks) {
        int perAddress = pool.config().usablePorts() / blocks.size();
        return ordered(
                "size", blocks.size(),
                "perAddress", perAddress,
                "total", pool.blocks().total(),
                "inUse", pool.blocks().inUse(),
                "held", pool.blocks().held(),
                "free", pool.blocks().free());
    }

    /** Of a disabled address it takes a look to tell whether something lives there still. */
    private Map<String, Object> addressCounts(PoolConfig rules) {
        int active = 0;
        int draining = 0;
        int disabled = 0;
        PoolSnapshot now = gate.snapshot().pool(rules.name());
        if (now.disabledAddresses() == 0) {
            return ordered("active", rules.addressCount(), "draining", 0, "disabled", 0);
        }
        for (OptionalInt next = OptionalInt.of(0); next.isPresent(); ) {
            int index = next.getAsInt();
            Part<AddressUse> part = gate.view(views -> views.address(rules.name(), index));
            for (AddressUse use : part.items()) {
                active += use.state() == AddressState.ACTIVE ? 1 : 0;
                draining += use.state() == AddressState.DISABLED && isInUse(use) ? 1 : 0;
                disabled += use.state() == AddressState.DISABLED && !isInUse(use) ? 1 : 0;
            }
            next = part.next();
        }
        return ordered("active", active, "draining", draining, "disabled", disabled);
    }

    private static boolean isInUse(AddressUse use) {
        return use.pairs().filter(pairs -> pairs.inUse() > 0).isPresent();
    }

    private Listing<Map<String, Object>> addresses(Call call) {
        call.allowing("limit", "cursor");
        PoolConfig rules = find(call).config();
        int limit = Listing.limit(call);
        int from = (int) Cursor.of(call, "index")
                .map(cursor -> cursor.number() + 1)
                .orElse(0L)
                .longValue();
        List<Map<String, Object>> page = new ArrayList<>();
        OptionalInt next = OptionalInt.of(from);
        while (next.isPresent() && page.size() < limit) {
            int index = next.getAsInt();
            Part<AddressUse> part = gate.view(views -> views.address(rules.name(), index));
            part.items().forEach(use -> page.add(address(rules.name(), use)));
            next = part.next();
        }
        Optional<String> cursor =
                next.isPresent() ? Optional.of(new Cursor("index", 0, next.getAsInt() - 1L).text()) : Optional.empty();
        return new Listing<>(page, cursor, rules.addressCount());
    }

    private Map<String, Object> address(String pool, AddressUse use) {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("address", use.address().toString());
        Set<AddressSwitch.Reason> reasons = addresses.reasons(pool, use.address());
        boolean isActive = use.state() == AddressState.ACTIVE;
        keys.put("state", isActive ? "active" : isInUse(use) ? "draining" : "disabled");
        if (!reasons.isEmpty()) {
            keys.put(
                    "reasons",
                    reasons.stream()
                            .map(reason -> reason.name().toLowerCase(Locale.ROOT))
                            .sorted()
                            .toList());
        }
        use.pairs().ifPresent(pairs -> {
            keys.put("ports", ports(pairs));
            keys.put("utilization", (double) (pairs.capacity() - pairs.free()) / pairs.capacity());
        });
        use.subscribers().ifPresent(count -> keys.put("subscribers", count));
        if (use.blocks() > 0) {
            keys.put("blocks", ordered("total", use.blocks(), "lent", use.lentBlocks()));
        }
        return keys;
    }

    private Listing<Map<String, Object>> blocks(Call call) {
        call.allowing("subscriber", "address", "state", "limit", "cursor");
        PoolSnapshot pool = find(call);
        int limit = Listing.limit(call);
        Predicate<BlockUse> filter = filter(call);
        int from = (int) Cursor.of(call, "number")
                .map(cursor -> cursor.number() + 1)
                .orElse(0L)
                .longValue();
        List<Map<String, Object>> page = new ArrayList<>();
        int last = -1;
        OptionalInt next = OptionalInt.of(from);
        boolean hasMore = false;
        while (next.isPresent() && !hasMore) {
            int number = next.getAsInt();
            Part<BlockUse> part = gate.view(views -> views.blocks(pool.config().name(), number, BLOCKS_AT_ONCE));
            for (BlockUse use : part.items()) {
                if (filter.test(use)) {
                    hasMore = page.size() == limit;
                    if (hasMore) {
                        break;
                    }
                    page.add(block(use));
                    last = use.number();
                }
            }
            next = part.next();
        }
        Optional<String> cursor = hasMore ? Optional.of(new Cursor("number", 0, last).text()) : Optional.empty();
        boolean isWhole = !hasMore && from == 0;
        return new Listing<>(
                page,
                cursor,
                isWhole ? page.size() : pool.blocks().inUse() + pool.blocks().held());
    }

    private static Predicate<BlockUse> filter(Call call) {
        Optional<String> subscriber = call.query("subscriber");
        Optional<String> address = call.query("address");
        Optional<Boolean> inUse = call.query("state", text -> {
            if (text.equals("in_use") || text.equals("held")) {
                return text.equals("in_use");
            }
            throw new IllegalArgumentException("(expected: in_use or held)");
        });
        return use -> subscriber.stream()
                        .allMatch(name -> use.block().subscriber().name().equals(name))
                && address.stream()
                        .allMatch(text -> use.block().address().toString().equals(text))
                && inUse.stream().allMatch(wanted -> wanted == isInUse(use));
    }

    /** One that was lent ahead of need carries nothing, and is not resting either. */
    private static boolean isInUse(BlockUse use) {
        return use.live() > 0 || use.resting() == 0;
    }

    private static Map<String, Object> block(BlockUse use) {
        return ordered(
                "number", use.number(),
                "address", use.block().address().toString(),
                "ports", use.block().ports().toString(),
                "subscriber", use.block().subscriber().name(),
                "state", isInUse(use) ? "in_use" : "held",
                "size", use.block().ports().last() - use.block().ports().first() + 1,
                "live", use.live(),
                "resting", use.resting(),
                "since",
                        Instant.now()
                                .minusNanos(use.ageNanos())
                                .truncatedTo(ChronoUnit.MILLIS)
                                .toString(),
                "ageSeconds", SessionView.seconds(use.ageNanos()));
    }

    static Map<String, Object> ports(PairCounts pairs) {
        return ordered(
                "inUse", pairs.inUse(),
                "held", pairs.held(),
                "reserved", pairs.reserved(),
                "free", pairs.free());
    }

    private static Map<String, Object> holdDown(HoldDownConfig rest) {
        return ordered(
                "clientFin", seconds(rest.clientFin()),
                "serverFin", seconds(rest.serverFin()),
                "reset", seconds(rest.reset()),
                "idle", seconds(rest.idle()),
                "connectFailed", seconds(rest.connectFailed()));
    }

    private static double seconds(Duration duration) {
        return SessionView.seconds(duration.toNanos());
    }

    /** Keys and values in turn, in that order. */
    static Map<String, Object> ordered(Object... keysAndValues) {
        Map<String, Object> keys = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            keys.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return keys;
    }
}
