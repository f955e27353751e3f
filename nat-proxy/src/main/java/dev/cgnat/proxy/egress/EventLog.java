package dev.cgnat.proxy.egress;

import dev.cgnat.core.NatEvent;
import dev.cgnat.core.PortBlock;
import java.util.Optional;
import org.slf4j.Logger;

/**
 * Which events of the NAT are logged, and how loudly. A refusal is told once a minute for each pool and reason, as a dry pool
 * refuses thousands of flows in that time; at debug level every one is.
 *
 * <p><b>Ownership</b>: whoever holds the lock of {@link NatGate}; what {@link #lineOf} returns is run outside of it.
 */
final class EventLog {
    private final Logger log;
    private final RefusalText words;
    private final Repeats repeats = new Repeats();

    EventLog(Logger log, RefusalText words) {
        this.log = log;
        this.words = words;
    }

    /** What logs {@code event}; empty if nobody wants to know. */
    Optional<Runnable> lineOf(NatEvent event) {
        if (event instanceof NatEvent.SetAside taken) {
            return Optional.of(() -> log.warn(
                    "{} is held by another socket of this host; left alone for a minute",
                    taken.binding().external()));
        }
        if (event instanceof NatEvent.BlockAllocated allocated) {
            return Optional.of(() -> logBlock("lent to", allocated.block()));
        }
        if (event instanceof NatEvent.BlockReleased released) {
            return Optional.of(() -> logBlock("given back by", released.block()));
        }
        if (event instanceof NatEvent.Refused refused) {
            Optional<Runnable> line = refusal(refused);
            if (line.isPresent()) {
                return line;
            }
        }
        return log.isDebugEnabled() ? Optional.of(() -> logDebug(event)) : Optional.empty();
    }

    private Optional<Runnable> refusal(NatEvent.Refused event) {
        Optional<String> suffix =
                repeats.suffix(event.request().pool(), event.refused().reason(), event.atNanos());
        return suffix.map(words -> () -> log.info("{}{}", text(event), words));
    }

    private void logBlock(String how, PortBlock block) {
        log.info(
                "pool {}: block {} ports {} {} {}",
                block.pool(),
                block.address(),
                block.ports(),
                how,
                block.subscriber());
    }

    private void logDebug(NatEvent event) {
        if (event instanceof NatEvent.Refused refused) {
            log.debug("{}", text(refused));
        } else {
            log.debug("{}", event);
        }
    }

    private String text(NatEvent.Refused event) {
        return "pool " + event.request().pool() + " refuses " + event.request().subscriber() + " to "
                + event.request().destination() + ": "
                + words.of(event.request().pool(), event.refused());
    }
}
