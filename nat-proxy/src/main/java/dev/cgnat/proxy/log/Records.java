package dev.cgnat.proxy.log;

import dev.cgnat.core.Binding;
import dev.cgnat.core.Explanation.Remedy;
import dev.cgnat.core.FlowRequest;
import dev.cgnat.core.NatEvent;
import dev.cgnat.core.Outcome;
import dev.cgnat.core.PortBlock;
import dev.cgnat.core.config.LimitConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.proxy.config.TranslationLogConfig;
import dev.cgnat.proxy.config.TranslationLogConfig.Granularity;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Makes records of what the NAT told. <b>Ownership</b>: one thread, but for {@link #attributes}. */
final class Records {
    private static final String SET_ASIDE = "set_aside";

    /** RFC 8158 wants what went short told at a limited rate: the same once in so long. */
    private static final Duration REPEATED_AFTER = Duration.ofSeconds(10);

    private static final int MAX_REMEMBERED = 10_000;

    private final TranslationLogConfig config;
    private final List<PoolConfig> pools;
    private final Supplier<LimitConfig> limits;
    private final WallClock clock;
    private final Map<List<Object>, Instant> told = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<List<Object>, Instant> eldest) {
            return size() > MAX_REMEMBERED;
        }
    };

    /** @param limits those in force */
    Records(TranslationLogConfig config, List<PoolConfig> pools, Supplier<LimitConfig> limits, WallClock clock) {
        this.config = config;
        this.pools = pools;
        this.limits = limits;
        this.clock = clock;
    }

    /** Whether {@code event} is of the kind whose records tell who had what. */
    static boolean attributes(NatEvent event, Granularity granularity) {
        return switch (granularity) {
            case SESSION ->
                event instanceof NatEvent.Opened
                        || event instanceof NatEvent.Closed
                        || event instanceof NatEvent.SetAside;
            case BLOCK -> event instanceof NatEvent.BlockAllocated || event instanceof NatEvent.BlockReleased;
        };
    }

    /** What the log begins with. */
    List<LogRecord> starts() {
        Instant now = clock.at(0);
        return pools.stream()
                .flatMap(pool ->
                        pool.addresses().stream().<LogRecord>map(range -> new LogRecord.Start(now, pool.name(), range)))
                .toList();
    }

    LogRecord gap(long lost, long atNanos) {
        return new LogRecord.Gap(clock.at(atNanos), lost);
    }

    /** Empty if it was told before, or tells nothing. */
    Optional<LogRecord> of(NatEvent event) {
        Instant time = clock.at(event.atNanos());
        if (event instanceof NatEvent.Opened opened) {
            return Optional.of(session(opened.binding(), time, Optional.empty()));
        } else if (event instanceof NatEvent.Closed closed) {
            LogRecord.End end = new LogRecord.End(closed.cause().label(), clock.at(closed.freeAtNanos()));
            return Optional.of(session(closed.binding(), time, Optional.of(end)));
        } else if (event instanceof NatEvent.SetAside taken) {
            return Optional.of(session(taken.binding(), time, Optional.of(new LogRecord.End(SET_ASIDE, time))));
        } else if (event instanceof NatEvent.BlockAllocated allocated) {
            return Optional.of(block(allocated.block(), LogEvent.BLOCK_ALLOCATE, time));
        } else if (event instanceof NatEvent.BlockReleased released) {
            return Optional.of(block(released.block(), LogEvent.BLOCK_RELEASE, time));
        } else if (event instanceof NatEvent.Refused refused) {
            return refusal(refused.request(), refused.refused(), time);
        }
        return Optional.empty();
    }

    private LogRecord session(Binding binding, Instant time, Optional<LogRecord.End> end) {
        boolean isIpv4 = binding.internal().address().isIpv4();
        LogEvent event = end.isPresent()
                ? (isIpv4 ? LogEvent.SESSION_DELETE : LogEvent.SESSION64_DELETE)
                : (isIpv4 ? LogEvent.SESSION_CREATE : LogEvent.SESSION64_CREATE);
        return new LogRecord.Session(
                time,
                event,
                binding.pool(),
                binding.id(),
                binding.subscriber(),
                binding.protocol(),
                binding.internal(),
                binding.external(),
                config.destinations() ? Optional.of(binding.destination()) : Optional.empty(),
                end);
    }

    private static LogRecord block(PortBlock block, LogEvent event, Instant time) {
        return new LogRecord.Block(time, event, block.pool(), block.subscriber(), block.address(), block.ports());
    }

    private Optional<LogRecord> refusal(FlowRequest request, Outcome.Refused refused, Instant time) {
        LogRecord record = refused.reason().mayWait()
                ? new LogRecord.Exhausted(
                        time, request.pool(), request.protocol(), refused.why().address(), refused.reason())
                : new LogRecord.Quota(
                        time,
                        request.pool(),
                        request.subscriber(),
                        request.internal().address(),
                        refused.reason(),
                        limit(request.pool(), refused));
        boolean isOfNobody =
                refused.reason().isOutOfPorts() && !refused.reason().mayWait();
        return isOfNobody || wasTold(request, refused, time) ? Optional.empty() : Optional.of(record);
    }

    /** As configured; 0 where there is no number. */
    private long limit(String pool, Outcome.Refused refused) {
        LimitConfig inForce = limits.get();
        return switch (refused.reason()) {
            case SESSION_LIMIT -> inForce.sessionsPerSubscriber();
            case PORT_LIMIT -> inForce.portsPerSubscriber();
            case RATE_LIMIT -> inForce.newPerSecondPerSubscriber();
            case DESTINATION_LIMIT ->
                refused.why().remedy() == Remedy.PORTS_PER_DESTINATION
                        ? inForce.portsPerDestination()
                        : inForce.sessionsPerDestination();
            case BLOCK_LIMIT ->
                pools.stream()
                        .filter(config -> config.name().equals(pool))
                        .flatMap(config -> config.blocks().stream())
                        .mapToLong(blocks -> (long) blocks.size() * blocks.maxPerSubscriber())
                        .findFirst()
                        .orElse(0);
            default -> 0;
        };
    }

    private boolean wasTold(FlowRequest request, Outcome.Refused refused, Instant time) {
        Object subject = refused.reason().mayWait() ? refused.why().address() : request.subscriber();
        List<Object> key = List.of(request.pool(), refused.reason(), subject);
        Instant before = told.get(key);
        if (before != null && Duration.between(before, time).compareTo(REPEATED_AFTER) < 0) {
            return true;
        }
        told.remove(key); // so that the eldest is the one told longest ago
        told.put(key, time);
        return false;
    }
}
