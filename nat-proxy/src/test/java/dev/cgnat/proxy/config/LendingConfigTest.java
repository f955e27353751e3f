package dev.cgnat.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.PortRange;
import dev.cgnat.core.config.AddressChoice;
import dev.cgnat.core.config.BlockGrowth;
import dev.cgnat.core.config.ClientClass;
import dev.cgnat.core.config.DeterministicConfig;
import dev.cgnat.core.config.DeterministicScheme;
import dev.cgnat.core.config.HoldDownConfig;
import dev.cgnat.core.config.LimitConfig;
import dev.cgnat.core.config.Mapping;
import dev.cgnat.core.config.MappingConfig;
import dev.cgnat.core.config.PairedOverflow;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.Pooling;
import dev.cgnat.core.config.PoolingConfig;
import dev.cgnat.core.config.PortBlockConfig;
import dev.cgnat.core.config.PortPreference;
import dev.cgnat.core.config.PortSelection;
import dev.cgnat.core.config.SelectionConfig;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The keys of a pool that say how its ports are lent, and what goes with what. */
class LendingConfigTest {
    @Test
    void everyKeyOfTheAllocatorReachesTheCore() throws ConfigException {
        ProxyConfig config = load("""
                listeners:
                  - { name: a, type: socks, bind: 127.0.0.1:1, pool: lender, mapping: endpoint-independent }
                  - { name: b, type: socks, bind: 127.0.0.1:2, pool: windows, client-class: legacy }
                limits: { new-per-second-per-subscriber: 3, sessions-per-destination: 4, ports-per-destination: 5 }
                pools:
                  - name: lender
                    addresses: 127.0.1.1
                    ports: 2000-2999
                    pooling: arbitrary
                    choose-address: fill-first
                    port-selection: cilium-128
                    prefer: parity
                    blocks: { size: 10, max-per-subscriber: 2, grow: double }
                    hold-down: { max-held: 7 }
                    segment-lifetime: 30s
                  - name: mapper
                    addresses: 127.0.1.2
                    reuse-scope: address
                    mapping: endpoint-independent
                    mapping-idle: 2m
                    paired-overflow: spill
                    windows-events: true
                  - name: formula
                    addresses: 127.0.1.3
                    blocks: { size: 100 }
                    deterministic: { inside: [10.0.0.0/28, 10.0.1.1], scheme: sequential, dynamic-factor: 2 }
                  - { name: windows, addresses: 127.0.1.4, reuse-scope: address }
                """);

        PoolConfig lender = config.nat().pools().get(0);
        PoolConfig mapper = config.nat().pools().get(1);
        PoolConfig formula = config.nat().pools().get(2);
        assertThat(lender.pooling())
                .isEqualTo(PoolingConfig.defaults()
                        .withBehaviour(Pooling.ARBITRARY)
                        .withChooseAddress(AddressChoice.FILL_FIRST));
        assertThat(lender.selection()).isEqualTo(new SelectionConfig(PortSelection.CILIUM_128, PortPreference.PARITY));
        assertThat(lender.blocks()).contains(new PortBlockConfig(10, 2, BlockGrowth.DOUBLE));
        assertThat(lender.holdDown()).isEqualTo(HoldDownConfig.defaults().withMaxHeld(7));
        assertThat(lender.segmentLifetime()).isEqualTo(Duration.ofSeconds(30));
        assertThat(mapper.mapping()).isEqualTo(new MappingConfig(Mapping.ENDPOINT_INDEPENDENT, Duration.ofMinutes(2)));
        assertThat(mapper.pooling().overflow()).isEqualTo(PairedOverflow.SPILL);
        assertThat(formula.blocks()).contains(new PortBlockConfig(100, 8, BlockGrowth.ONE));
        assertThat(formula.deterministic())
                .contains(new DeterministicConfig(
                        List.of(
                                new AddressRange(IpAddress.ofIpv4(10, 0, 0, 0), IpAddress.ofIpv4(10, 0, 0, 15)),
                                AddressRange.single(IpAddress.ofIpv4(10, 0, 1, 1))),
                        DeterministicScheme.SEQUENTIAL,
                        2,
                        0));
        assertThat(config.nat().limits()).isEqualTo(new LimitConfig(LimitConfig.NONE, LimitConfig.NONE, 3, 4, 5));
        assertThat(config.windowsEvents()).containsExactly("mapper");
        assertThat(config.listeners())
                .extracting(ListenerConfig::mapping)
                .containsExactly(Optional.of(Mapping.ENDPOINT_INDEPENDENT), Optional.empty());
        assertThat(config.listeners())
                .extracting(ListenerConfig::clientClass)
                .containsExactly(ClientClass.SCALABLE, ClientClass.LEGACY);
    }

    @Test
    void theRegistrysNamesSetPortsAndTimeWaitUnderTheirProfiles() throws ConfigException {
        PoolConfig pool = load("""
                profile: windows-2003-default
                pools: [{ MaxUserPort: 65534, TcpTimedWaitDelay: 30, hold-down: { idle: 7s } }]
                """).nat().pools().get(0);

        assertThat(pool.ports()).containsExactly(new PortRange(1025, 65_534));
        assertThat(pool.holdDown().clientFin()).isEqualTo(Duration.ofSeconds(30));
        assertThat(pool.holdDown().idle()).isEqualTo(Duration.ofSeconds(7));
        assertThat(pool.holdDown().serverFin()).isZero();
        assertThat(load("{ profile: windows-2003-tuned, pools: [{ TcpTimedWaitDelay: 2m }] }")
                        .nat()
                        .pools()
                        .get(0)
                        .holdDown()
                        .idle())
                .isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void noneEndsWhatAProfileLendsInBlocksOrByFormula() throws ConfigException {
        assertThat(load("{ profile: isp-cgn-pba-512, pools: [{ blocks: none }] }")
                        .nat()
                        .pools()
                        .get(0)
                        .blocks())
                .isEmpty();
        assertThat(load("{ profile: isp-cgn-pba-512, pools: [{ blocks: { max-per-subscriber: 1 } }] }")
                        .nat()
                        .pools()
                        .get(0)
                        .blocks())
                .contains(new PortBlockConfig(512, 1, BlockGrowth.ONE));
        assertThat(load("{ profile: isp-cgn-deterministic, pools: [{ deterministic: none }] }")
                        .nat()
                        .pools()
                        .get(0)
                        .deterministic())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            pools: [{ mapping: eim }]               | 1:20: error: pools[0].mapping: eim (expected: endpoint-independent, address-dependent or address-and-port-dependent)
            pools: [{ mapping: endpoint-independent }] | 1:20: error: pools[0].mapping: endpoint-independent (expected: reuse-scope host or address beside it)
            pools: [{ mapping: address-dependent, reuse-scope: four-tuple }] | 1:52: error: pools[0].reuse-scope: four-tuple (expected: host, address or remote-host with mapping address-dependent)
            pools: [{ mapping-idle: 25h }]          | 1:25: error: pools[0].mapping-idle: 25h (expected: 0s to 24h)
            pools: [{ paired-overflow: drop }]      | 1:28: error: pools[0].paired-overflow: drop (expected: refuse or spill)
            pools: [{ choose-address: best }]       | 1:27: error: pools[0].choose-address: best (expected: least-loaded, fill-first, round-robin or hash)
            pools: [{ port-selection: rfc6056-6 }]  | 1:27: error: pools[0].port-selection: rfc6056-6 (expected: uniform, sequential, rfc6056-1, rfc6056-2, rfc6056-3, rfc6056-4, rfc6056-5, least-recently-freed, linux-nf, vpp, cilium, cilium-128 or pf)
            pools: [{ prefer: odd }]                | 1:19: error: pools[0].prefer: odd (expected: none, same-port or parity)
            pools: [{ blocks: 512 }]                | 1:19: error: pools[0].blocks: 512 (expected: size, max-per-subscriber or grow)
            pools: [{ blocks: { size: 0 } }]        | 1:27: error: pools[0].blocks.size: 0 (expected: 1 to 65535)
            pools: [{ blocks: { sise: 1 } }]        | 1:21: error: pools[0].blocks.sise: unknown key, did you mean "size"?
            pools: [{ blocks: { max-per-subscriber: 0 } }] | 1:41: error: pools[0].blocks.max-per-subscriber: 0 (expected: at least 1)
            pools: [{ blocks: { grow: fast } }]     | 1:27: error: pools[0].blocks.grow: fast (expected: one or double)
            pools: [{ ports: 2000-2099, blocks: { size: 101 } }] | 1:45: error: pools[0].blocks.size: 101 (expected: at most the 100 usable ports)
            pools: [{ reuse-scope: host, blocks: { size: 10 } }] | 1:38: error: pools[0].blocks: with reuse-scope host (expected: address, remote-host or four-tuple)
            pools: [{ deterministic: { share: 0 } }] | 1:26: error: pools[0].deterministic.inside: missing (expected: the internal addresses that are served)
            pools: [{ deterministic: { inside: [10.0.0.0/30, 10.0.0.1] } }] | 1:50: error: pools[0].deterministic.inside: 10.0.0.1 (expected: no overlap with 10.0.0.0-10.0.0.3)
            pools: [{ deterministic: { inside: 10.0.0.1, scheme: rfc } }] | 1:54: error: pools[0].deterministic.scheme: rfc (expected: sequential, vpp or juniper)
            pools: [{ deterministic: { inside: 10.0.0.1, share: 9 } }] | 1:53: error: pools[0].deterministic.share: 9 (expected: 0 to 65535 with scheme juniper, 0 with the others)
            pools: [{ deterministic: { inside: 10.0.0.1, dynamic-factor: 1 } }] | 1:62: error: pools[0].deterministic.dynamic-factor: 1 (expected: 0 without blocks)
            pools: [{ blocks: { size: 9 }, deterministic: { inside: 10.0.0.1 } }] | 1:19: error: pools[0].blocks: with deterministic (expected: a dynamic-factor above 0, whose ports are lent in blocks)
            pools: [{ deterministic: { inside: 10.0.0.1-10.0.0.3, scheme: vpp } }] | 1:36: error: pools[0].deterministic.inside: 3 addresses (expected: a power of two with scheme vpp)
            pools: [{ addresses: 127.0.1.1-127.0.1.3, deterministic: { inside: 10.0.0.0/30, scheme: vpp } }] | 1:22: error: pools[0].addresses: 3 addresses (expected: a power of two with scheme vpp)
            pools: [{ ports: 2000-2003, deterministic: { inside: 10.0.0.0/29 } }] | 1:54: error: pools[0].deterministic.inside: 8 addresses (expected: at most one for each of the 4 ports of 1 external addresses)
            pools: [{ ports: 2000-2003, deterministic: { inside: 10.0.0.0/29, scheme: juniper, share: 5 } }] | 1:91: error: pools[0].deterministic.share: 5 (expected: at most the 4 usable ports)
            pools: [{ pooling: arbitrary, deterministic: { inside: 10.0.0.1 } }] | 1:20: error: pools[0].pooling: arbitrary (expected: paired with deterministic)
            pools: [{ reuse-scope: host, deterministic: { inside: 10.0.0.1 } }] | 1:45: error: pools[0].deterministic: with reuse-scope host (expected: address, remote-host or four-tuple)
            pools: [{ ports: [1-9, 20-29], deterministic: { inside: 10.0.0.1 } }] | 1:18: error: pools[0].ports: with deterministic (expected: one unbroken range of ports)
            pools: [{ hold-down: { max-held: 0 } }] | 1:34: error: pools[0].hold-down.max-held: 0 (expected: none, or a whole number of at least 1)
            pools: [{ segment-lifetime: 2d }]       | 1:29: error: pools[0].segment-lifetime: 2d (expected: 0s to 24h)
            pools: [{ windows-events: yes }]        | 1:27: error: pools[0].windows-events: yes (expected: true or false)
            pools: [{ MaxUserPort: 65534 }]         | 1:24: error: pools[0].MaxUserPort: not for profile none (expected: ports, or profile windows-2003-default or windows-2003-tuned)
            pools: [{ TcpTimedWaitDelay: 30 }]      | 1:30: error: pools[0].TcpTimedWaitDelay: not for profile none (expected: hold-down, or profile windows-2003-default or windows-2003-tuned)
            { profile: windows-2003-default, pools: [{ MaxUserPort: 4999 }] } | 1:57: error: pools[0].MaxUserPort: 4999 (expected: 5000 to 65534)
            { profile: windows-2003-default, pools: [{ MaxUserPort: 65535 }] } | 1:57: error: pools[0].MaxUserPort: 65535 (expected: 5000 to 65534)
            { profile: windows-2003-default, pools: [{ MaxUserPort: 6000, ports: 80 }] } | 1:57: error: pools[0].MaxUserPort: beside ports (expected: one of the two)
            { profile: windows-2003-default, pools: [{ TcpTimedWaitDelay: 29 }] } | 1:63: error: pools[0].TcpTimedWaitDelay: 29 (expected: 30s to 300s; the registry's number of seconds will do)
            { profile: windows-2003-default, pools: [{ TcpTimedWaitDelay: 301s }] } | 1:63: error: pools[0].TcpTimedWaitDelay: 301s (expected: 30s to 300s; the registry's number of seconds will do)
            { profile: windows-2003-default, pools: [{ TcpTimedWaitDelay: 30, hold-down: 1s }] } | 1:63: error: pools[0].TcpTimedWaitDelay: beside a hold-down for every cause (expected: one of the two)
            limits: { new-per-second-per-subscriber: 0 } | 1:42: error: limits.new-per-second-per-subscriber: 0 (expected: none, or a whole number of at least 1)
            listeners: [{ type: socks, bind: "127.0.0.1:1", mapping: address-dependent }] | 1:58: error: listeners[0].mapping: address-dependent (expected: endpoint-independent or address-and-port-dependent with the reuse-scope four-tuple of pool main)
            listeners: [{ type: socks, bind: "127.0.0.1:1", client-class: legacy }] | 1:63: error: listeners[0].client-class: legacy (expected: scalable, or a pool of reuse-scope address, each address by itself, without mappings, blocks or deterministic)
            """)
    void everyKindOfMistakeHasItsPlaceAndSaysWhatIsExpected(String text, String expected) {
        assertThat(errors(text)).containsExactly("cgnat.yaml:" + expected);
    }

    private static ProxyConfig load(String text) throws ConfigException {
        return ConfigLoader.parse(text, "cgnat.yaml", Optional.empty(), List.of(), address -> true)
                .config();
    }

    private static List<String> errors(String text) {
        return failure(text).problems().stream().map(ConfigProblem::toString).toList();
    }

    private static ConfigException failure(String text) {
        ConfigException e = catchThrowableOfType(ConfigException.class, () -> load(text));
        assertThat(e).as("mistakes in %s", text).isNotNull();
        return e;
    }
}
