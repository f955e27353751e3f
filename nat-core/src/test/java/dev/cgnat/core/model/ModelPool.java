package dev.cgnat.core.model;

import dev.cgnat.core.Binding;
import dev.cgnat.core.CloseCause;
import dev.cgnat.core.FlowRequest;
import dev.cgnat.core.Outcome.Queued;
import dev.cgnat.core.Refusal;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.address.Subscriber;
import dev.cgnat.core.config.ClientClass;
import dev.cgnat.core.config.HoldDownConfig;
import dev.cgnat.core.config.Mapping;
import dev.cgnat.core.config.PairedOverflow;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.Pooling;
import dev.cgnat.core.config.PortBlockConfig;
import dev.cgnat.core.config.ReuseScope;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** One pool as plain lists that are scanned, and the books of what was granted and ended. */
final class ModelPool {
    private static final long SET_ASIDE_NANOS = 60_000_000_000L;
    private static final long MILLISECOND = 1_000_000;

    /** A granted flow: what it has of its own, or the mapping that it is one of. */
    record Live(Binding binding, FlowRequest request, Use use, Optional<ModelMapping> mapping) {}

    /**
     * A flow that waits.
     *
     * @param reasons one of them it is refused for if its time ends
     * @param keepsAddress if it keeps the subscriber paired
     */
    record Waiter(
            long ticket,
            FlowRequest request,
            IpAddress address,
            Set<Refusal> reasons,
            long deadline,
            boolean keepsAddress) {}

    final PoolConfig config;
    final PairTable table;
    /** Indices of the addresses that no new flow leaves from. */
    final BitSet disabled = new BitSet();

    final ModelReserved reserved;
    final ModelPairing pairing;
    final ModelBlocks blocks;
    final Optional<ModelShares> shares;
    final List<Live> live = new ArrayList<>();
    final List<ModelMapping> mappings = new ArrayList<>();
    final List<Waiter> waiting = new ArrayList<>();
    /** Rests without a mapping, first laid first. */
    final List<Use> rests = new ArrayList<>();

    final Map<Spot, Long> lastClose = new HashMap<>();
    long unsafeReuses;
    long now;

    ModelPool(PoolConfig config) {
        this.config = config;
        table = new PairTable(config);
        reserved = new ModelReserved(table, isHostScope());
        pairing = new ModelPairing(
                config.pooling().pairedIdle().toNanos(), address -> disabled.get(table.addresses.indexOf(address)));
        shares = config.deterministic().map(rules -> new ModelShares(config));
        int firstLent = shares.map(ModelShares::firstDynamicPort).orElse(0);
        int never = table.ports.length + 1;
        blocks = new ModelBlocks(
                table, firstLent, config.blocks().map(PortBlockConfig::size).orElse(never));
    }

    /** Whether flows share mappings unless they ask for other things. */
    boolean isShared() {
        return config.mapping().behaviour() != Mapping.ADDRESS_AND_PORT_DEPENDENT;
    }

    boolean isHostScope() {
        return config.reuseScope() == ReuseScope.HOST;
    }

    boolean isPairing() {
        return config.pooling().behaviour() == Pooling.PAIRED && shares.isEmpty();
    }

    /** The address from which every flow of {@code subscriber} must leave, or spill. */
    Optional<IpAddress> keptAddress(Subscriber subscriber) {
        return isPairing() && !isHostScope() ? pairing.addressOf(subscriber, now) : Optional.empty();
    }

    Mapping mappingOf(FlowRequest request) {
        return request.mapping().orElse(config.mapping().behaviour());
    }

    boolean isAllDisabled() {
        return disabled.cardinality() == table.addresses.size();
    }

    /** Books that no new flow leaves from that address, or may again; the mappings there take no more flows. */
    void setDisabled(int address, boolean isDisabled) {
        disabled.set(address, isDisabled);
        mappings.stream()
                .filter(mapping -> isDisabled && mapping.external.address().equals(table.addresses.get(address)))
                .forEach(mapping -> mapping.isRetired = true);
    }

    /** Books what those who still wait keep now that the state of an address has changed; {@code paired} is told by Nat. */
    void reconsiderWaiting(
            Function<Subscriber, Optional<IpAddress>> paired, Function<FlowRequest, Set<Refusal>> reasons) {
        for (int i = 0; i < waiting.size(); i++) {
            Waiter waiter = waiting.get(i);
            IpAddress address = paired.apply(waiter.request.subscriber()).orElse(table.addresses.get(0));
            boolean keepsAddress = keepsAddressWaiting(waiter.request);
            if (keepsAddress) {
                pairing.retain(waiter.request.subscriber(), address, now);
            }
            if (waiter.keepsAddress) {
                pairing.release(waiter.request.subscriber(), now);
            }
            waiting.set(
                    i,
                    new Waiter(
                            waiter.ticket,
                            waiter.request,
                            address,
                            reasons.apply(waiter.request),
                            waiter.deadline,
                            keepsAddress));
        }
    }

    /** The mapping that the flow must join. */
    Optional<ModelMapping> mappingFor(FlowRequest request, long at) {
        Mapping behaviour = mappingOf(request);
        if (behaviour == Mapping.ADDRESS_AND_PORT_DEPENDENT) {
            return Optional.empty();
        }
        ModelMapping.Key key = ModelMapping.Key.of(request, behaviour);
        return mappings.stream()
                .filter(mapping -> mapping.key.equals(key) && !mapping.isRetired && !mapping.use.isOver(at))
                .findFirst();
    }

    /** Whether the time of HELD is told exactly: nothing but the slots of a unit decides. */
    boolean isTimeExact(FlowRequest request) {
        boolean[] isAlike = {request.clientClass() == ClientClass.SCALABLE};
        table.forEach(use -> isAlike[0] &= !use.spot.isLegacy());
        return isAlike[0]
                && mappingOf(request) == Mapping.ADDRESS_AND_PORT_DEPENDENT
                && mappings.isEmpty()
                && config.blocks().isEmpty()
                && (disabled.isEmpty() || isHostScope() || config.isPerAddress() || shares.isPresent());
    }

    /** Whether a flow that waits is told of the slots of one unit, which may be looked at again when it is refused. */
    boolean waitsInOneUnit() {
        boolean isSpilling = isPairing() && config.pooling().overflow() == PairedOverflow.SPILL;
        return config.blocks().isEmpty() && (!config.isPerAddress() || (isPairing() && !isSpilling));
    }

    /** Live flows to that destination endpoint from {@code address}, {@link Spot#ANYWHERE} for all addresses. */
    int liveTo(Protocol protocol, Endpoint destination, IpAddress address) {
        int found = 0;
        for (Live flow : live) {
            if (flow.binding.protocol() == protocol
                    && flow.binding.destination().equals(destination)
                    && isAt(flow.binding.external().address(), address)) {
                found++;
            }
        }
        return found;
    }

    /** Slots that rest after flows there. */
    int restsTo(Protocol protocol, Endpoint destination, IpAddress address, long at) {
        int found = 0;
        for (Use rest : rests) {
            if (rest.spot.protocol() == protocol
                    && rest.destination.equals(destination)
                    && !rest.isOver(at)
                    && isAt(table.addresses.get(rest.spot.address()), address)) {
                found++;
            }
        }
        return found;
    }

    private boolean isAt(IpAddress address, IpAddress wanted) {
        return isHostScope() || wanted.equals(Spot.ANYWHERE) || wanted.equals(address);
    }

    int liveOf(Subscriber subscriber, Protocol protocol) {
        int found = 0;
        for (Live flow : live) {
            if (flow.binding.protocol() == protocol && flow.binding.subscriber().equals(subscriber)) {
                found++;
            }
        }
        return found;
    }

    /** External ports of {@code subscriber} that live or rest; a mapping is one. */
    int portsOf(Subscriber subscriber, Protocol protocol) {
        int[] found = {0};
        table.forEach(use -> {
            if (use.kind != Use.Kind.ASIDE
                    && use.spot.protocol() == protocol
                    && use.subscriber.equals(subscriber)
                    && !use.isOver(now)) {
                found[0]++;
            }
        });
        return found[0];
    }

    /** Books a grant. */
    void open(Binding binding, FlowRequest request) {
        Optional<ModelMapping> joined = mappingFor(request, now);
        if (joined.isPresent()) {
            joined.get().opened(binding.destination());
            live.add(new Live(binding, request, joined.get().use, joined));
        } else {
            live.add(openNew(binding, request));
        }
        if (isPairing()) {
            pairing.retain(binding.subscriber(), binding.external().address(), now);
        }
    }

    private Live openNew(Binding binding, FlowRequest request) {
        int pair = table.pairOf(binding.external());
        boolean isLegacy = request.clientClass() == ClientClass.LEGACY;
        Mapping behaviour = mappingOf(request);
        Spot spot = table.spot(binding.protocol(), pair, binding.destination(), behaviour, isLegacy);
        table.makeRoom(spot, now);
        rests.removeIf(rest -> rest.isOver(now) && rest.spot.meets(spot));
        mappings.removeIf(mapping -> mapping.use.isOver(now) && mapping.use.spot.meets(spot));
        boolean isShared = behaviour != Mapping.ADDRESS_AND_PORT_DEPENDENT;
        Use use = new Use(
                isShared ? Use.Kind.MAPPING : Use.Kind.FLOW,
                spot,
                binding.destination(),
                binding.subscriber(),
                Use.OPEN_END);
        table.add(use);
        if (blocks.blockOf(pair) >= 0) {
            blocks.use(blocks.blockOf(pair));
        }
        Long closed = lastClose.get(spot);
        if (closed != null && now - closed < config.segmentLifetime().toNanos()) {
            unsafeReuses++;
        }
        if (!isShared) {
            return new Live(binding, request, use, Optional.empty());
        }
        ModelMapping mapping = new ModelMapping(ModelMapping.Key.of(request, behaviour), binding.external(), use);
        mapping.opened(binding.destination());
        mappings.add(mapping);
        return new Live(binding, request, use, Optional.of(mapping));
    }

    /** Whether it would be open which rest is cut short, were a flow closed now: two would end at the same time. */
    boolean wouldTie(CloseCause cause) {
        long restEnd = wholeMillisecond(now + cause.holdDown(config.holdDown()).toNanos());
        return config.holdDown().maxHeld() != HoldDownConfig.UNLIMITED
                && rests.stream().anyMatch(rest -> rest.until == restEnd);
    }

    /** Books the end of a flow; returns when its slot, or its destination within the mapping, is free. */
    long close(Live flow, CloseCause cause) {
        end(flow);
        long delay = cause.holdDown(config.holdDown()).toNanos();
        long restEnd = delay == 0 ? now : wholeMillisecond(now + delay);
        if (flow.mapping.isPresent()) {
            long idle = config.mapping().idle().toNanos();
            ModelMapping mapping = flow.mapping.get();
            mapping.closed(flow.binding.destination(), restEnd, idle == 0 ? now : wholeMillisecond(now + idle));
            if (mapping.use.isOver(now)) {
                forget(mapping);
            }
            return restEnd;
        }
        table.remove(flow.use);
        lastClose.put(flow.use.spot, now);
        if (delay > 0) {
            Use rest = new Use(
                    Use.Kind.REST, flow.use.spot, flow.binding.destination(), flow.binding.subscriber(), restEnd);
            table.add(rest);
            rests.add(rest);
            freeWhatIsTooMuch();
        }
        return restEnd;
    }

    private void freeWhatIsTooMuch() {
        while (rests.size() > config.holdDown().maxHeld()) {
            Use first = rests.stream()
                    .min(Comparator.comparingLong(rest -> rest.until))
                    .orElseThrow();
            rests.remove(first);
            table.remove(first);
        }
    }

    private static long wholeMillisecond(long nanos) {
        return (nanos + MILLISECOND - 1) / MILLISECOND * MILLISECOND;
    }

    private void end(Live flow) {
        live.remove(flow);
        if (isPairing()) {
            pairing.release(flow.binding.subscriber(), now);
        }
    }

    private void forget(ModelMapping mapping) {
        mappings.remove(mapping);
        table.remove(mapping.use);
    }

    /** Books that a foreign socket holds the slot of a flow, or all its pair. */
    void setAside(Live flow, boolean wholePair) {
        end(flow);
        if (flow.mapping.isPresent()) {
            ModelMapping mapping = flow.mapping.get();
            mapping.live.remove(flow.binding.destination());
            if (!wholePair || !mapping.live.isEmpty()) { // who shares the pair has it on, towards other destinations
                long idle = config.mapping().idle().toNanos();
                mapping.closed(
                        flow.binding.destination(),
                        wholeMillisecond(now + SET_ASIDE_NANOS),
                        idle == 0 ? now : wholeMillisecond(now + idle));
                return;
            }
            mappings.remove(mapping);
        }
        table.remove(flow.use);
        Spot slot = flow.use.spot;
        Spot spot = new Spot(
                slot.protocol(),
                slot.address(),
                slot.port(),
                wholePair ? Spot.ANYWHERE : slot.remote(),
                wholePair ? 0 : slot.remotePort(),
                wholePair,
                slot.isLegacy());
        long[] until = {now + SET_ASIDE_NANOS};
        table.forEach(use -> {
            if (wholePair && use.kind == Use.Kind.ASIDE && use.spot.equals(spot) && !use.isOver(now)) {
                until[0] = use.until; // it was known already
            }
        });
        table.add(new Use(Use.Kind.ASIDE, spot, flow.binding.destination(), flow.binding.subscriber(), until[0]));
    }

    void queue(Queued queued, FlowRequest request, IpAddress address) {
        boolean keepsAddress = keepsAddressWaiting(request);
        waiting.add(new Waiter(
                queued.ticket(), request, address, Set.of(queued.reason()), queued.deadlineNanos(), keepsAddress));
        if (keepsAddress) {
            pairing.retain(request.subscriber(), address, now);
        }
    }

    /** Who keeps no address waits for a block at none, and for a port on all addresses likewise. */
    private boolean keepsAddressWaiting(FlowRequest request) {
        boolean isAtAddress = !isHostScope()
                && (config.blocks().isEmpty()
                        || keptAddress(request.subscriber()).isPresent())
                && request.clientClass() == ClientClass.SCALABLE;
        return isPairing()
                && !isAllDisabled()
                && (isAtAddress || mappingFor(request, now).isPresent());
    }

    void dequeue(Waiter waiter) {
        waiting.remove(waiter);
        if (waiter.keepsAddress) {
            pairing.release(waiter.request.subscriber(), now);
        }
    }

    /** Forgets what is over. */
    void settle() {
        table.settle(now);
        rests.removeIf(rest -> rest.isOver(now));
        mappings.removeIf(mapping -> mapping.use.isOver(now));
    }
}
