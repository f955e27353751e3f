package dev.cgnat.bench.workload;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a network's subscribers do.
 *
 * @param name such as the file's without its ending
 * @param description one line for people, may be empty
 * @param groups at least one, with different names
 */
public record Workload(String name, String description, List<Group> groups) {
    public Workload {
        groups = List.copyOf(groups);
        if (groups.isEmpty()) {
            throw new IllegalArgumentException("groups: [] (expected: at least one)");
        }
        Set<String> names = new HashSet<>();
        for (Group group : groups) {
            if (!names.add(group.name())) {
                throw new IllegalArgumentException(
                        "groups: two named " + group.name() + " (expected: different names)");
            }
        }
    }

    /** One group without a name of its own. */
    public static Workload of(Group group) {
        return new Workload(group.name(), "", List.of(group));
    }

    /** Subscribers of all groups; the first group's come first. */
    public int subscribers() {
        return groups.stream().mapToInt(Group::subscribers).sum();
    }

    /** Flows per second that begin by themselves, over all groups, on average; those that are kept open are not counted. */
    public double flowsPerSecond() {
        return groups.stream().mapToDouble(Group::flowsPerSecond).sum();
    }

    /**
     * As many times the subscribers of each group, at least one of each.
     *
     * @param factor more than 0
     */
    public Workload scaled(double factor) {
        return new Workload(
                name,
                description,
                groups.stream()
                        .map(group ->
                                group.withSubscribers((int) Math.max(1, Math.round(group.subscribers() * factor))))
                        .toList());
    }
}
