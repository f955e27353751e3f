package dev.cgnat.proxy.egress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.core.Explanation;
import dev.cgnat.core.FlowRequest;
import dev.cgnat.core.NatEvent;
import dev.cgnat.core.Outcome.Refused;
import dev.cgnat.core.PortBlock;
import dev.cgnat.core.Refusal;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.PortRange;
import dev.cgnat.core.address.Subscriber;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.helpers.MessageFormatter;

class EventLogTest {
    private static final IpAddress ADDRESS = IpAddress.ofIpv4(127, 0, 1, 1);
    private static final Subscriber CLIENT = new Subscriber("10.0.0.5");

    private final List<String> lines = new ArrayList<>();
    private final EventLog log = new EventLog(logger(), new RefusalText(Set.of("main")));

    @Test
    void aRefusalIsToldOnceAMinuteWithTheNumberOfTheOthers() {
        tell(refused(Refusal.EXHAUSTED, 0));
        tell(refused(Refusal.EXHAUSTED, 1));
        tell(refused(Refusal.EXHAUSTED, 59));
        tell(refused(Refusal.HELD, 59));
        tell(refused(Refusal.EXHAUSTED, 60));

        String found =
                " (127.0.1.1: 4 slots, 3 live, 0 held, 1 reserved, 0 free; would be granted with one more external"
                        + " address or port), Windows event 4231";
        assertThat(lines)
                .containsExactly(
                        "info pool main refuses 10.0.0.5 to 192.0.2.1:80: exhausted" + found,
                        "info pool main refuses 10.0.0.5 to 192.0.2.1:80: held" + found,
                        "info pool main refuses 10.0.0.5 to 192.0.2.1:80: exhausted" + found
                                + "; 2 more since the last such line");
    }

    @Test
    void blocksAreToldByLine() {
        PortBlock block = new PortBlock("main", CLIENT, ADDRESS, new PortRange(1024, 1535));
        tell(new NatEvent.BlockAllocated(block, 0));
        tell(new NatEvent.BlockReleased(block, 0));

        assertThat(lines)
                .containsExactly(
                        "info pool main: block 127.0.1.1 ports 1024-1535 lent to 10.0.0.5",
                        "info pool main: block 127.0.1.1 ports 1024-1535 given back by 10.0.0.5");
    }

    @Test
    void theIdIsOfWindowsPoolsAlone() {
        Refused refused = refused(Refusal.EXHAUSTED, 0).refused();
        RefusalText words = new RefusalText(Set.of("main"));

        assertThat(words.windowsEvent("main", refused)).hasValue(4231);
        assertThat(words.windowsEvent("other", refused)).isEmpty();
        assertThat(words.of("other", Refused.byShell(Refusal.DRAINING))).isEqualTo("draining");
    }

    private void tell(NatEvent event) {
        log.lineOf(event).ifPresent(Runnable::run);
    }

    private static NatEvent.Refused refused(Refusal reason, long seconds) {
        FlowRequest request = new FlowRequest(
                "main",
                CLIENT,
                new Endpoint(IpAddress.ofIpv4(10, 0, 0, 5), 50_000),
                new Endpoint(IpAddress.ofIpv4(192, 0, 2, 1), 80));
        Explanation why = new Explanation(Optional.of(ADDRESS), 4, 3, 0, 1, Explanation.Remedy.MORE_PORTS, 0);
        return new NatEvent.Refused(
                request, new Refused(reason, Refused.NEVER, false, why), TimeUnit.SECONDS.toNanos(seconds));
    }

    /** Writes level and text of every line down; debug is off. */
    private Logger logger() {
        return (Logger) Proxy.newProxyInstance(
                Logger.class.getClassLoader(), new Class<?>[] {Logger.class}, (proxy, method, arguments) -> {
                    if (method.getReturnType() == boolean.class) {
                        return false;
                    }
                    Object[] values = arguments.length == 2 && arguments[1] instanceof Object[] many
                            ? many
                            : Arrays.copyOfRange(arguments, 1, arguments.length);
                    lines.add(method.getName() + " "
                            + MessageFormatter.arrayFormat((String) arguments[0], values)
                                    .getMessage());
                    return null;
                });
    }
}
