package dev.cgnat.proxy.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.core.Binding;
import dev.cgnat.core.NatEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The translation records of a proxy: one when a flow gets its external endpoint (ADD), one when it gives it back (DEL).
 * Any thread may call.
 */
public final class FlowRecords {
    private final Map<Long, Binding> live = new HashMap<>();
    private final Set<List<Object>> tuples = new HashSet<>();
    private final List<String> broken = new ArrayList<>();
    private final Set<Thread> threads = new HashSet<>();
    private long added;
    private long deleted;

    synchronized void onEvent(NatEvent event) {
        if (event instanceof NatEvent.Opened opened) {
            threads.add(Thread.currentThread());
            add(opened.binding());
        } else if (event instanceof NatEvent.Closed closed) {
            delete(closed.binding());
        } else if (event instanceof NatEvent.SetAside taken) {
            delete(taken.binding());
        }
    }

    /** Flows that got an external endpoint. */
    public synchronized long added() {
        return added;
    }

    /** Flows that gave theirs back. */
    public synchronized long deleted() {
        return deleted;
    }

    /** Event loops on which flows got theirs. */
    synchronized int threads() {
        return threads.size();
    }

    /** One ADD and one DEL a flow, no 4-tuple live twice; called when no flow is left. */
    synchronized void requireBalanced() {
        assertThat(broken).isEmpty();
        assertThat(live).as("flows with an ADD record and no DEL").isEmpty();
        assertThat(deleted).isEqualTo(added);
    }

    private void add(Binding binding) {
        added++;
        if (live.put(binding.id(), binding) != null) {
            broken.add("added twice: " + binding);
        }
        if (!tuples.add(tuple(binding))) {
            broken.add("live twice: " + binding);
        }
    }

    private void delete(Binding binding) {
        deleted++;
        if (live.remove(binding.id()) == null) {
            broken.add("deleted without a record of its beginning: " + binding);
        }
        tuples.remove(tuple(binding));
    }

    private static List<Object> tuple(Binding binding) {
        return List.of(binding.protocol(), binding.external(), binding.destination());
    }
}
