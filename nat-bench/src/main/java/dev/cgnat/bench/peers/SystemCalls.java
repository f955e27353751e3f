package dev.cgnat.bench.peers;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What {@code strace -c} counted.
 *
 * @param calls by name
 */
record SystemCalls(SortedMap<String, Long> calls) {
    private static final int CALLS = 3;
    private static final int MOST = 6;

    /** Reads the summary: {@code % time, seconds, usecs/call, calls, errors (often blank), syscall}. */
    static SystemCalls parse(String summary) {
        SortedMap<String, Long> calls = new TreeMap<>();
        for (String line : summary.lines().toList()) {
            List<String> fields = new ArrayList<>(List.of(line.trim().split(" +")));
            String name = fields.get(fields.size() - 1);
            if (fields.size() > CALLS + 1 && fields.get(0).matches("[0-9.]+") && !name.equals("total")) {
                calls.merge(name, Long.parseLong(fields.get(CALLS)), Long::sum);
            }
        }
        return new SystemCalls(calls);
    }

    long total() {
        return calls.values().stream().mapToLong(Long::longValue).sum();
    }

    /** The most frequent ones, each per operation: {@code epoll_wait 3.1, recvfrom 2.0}. */
    String most(long operations) {
        return calls.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()))
                .limit(MOST)
                .map(call ->
                        String.format(Locale.ROOT, "%s %.1f", call.getKey(), (double) call.getValue() / operations))
                .collect(Collectors.joining(", "));
    }
}
