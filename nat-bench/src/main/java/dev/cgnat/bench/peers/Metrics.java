package dev.cgnat.bench.peers;

import java.util.Arrays;
import java.util.OptionalDouble;

/** Numbers of our proxy's metrics, in the text format of Prometheus. */
record Metrics(String text) {
    static Metrics read(Lab lab, int port) throws PeersException {
        return new Metrics(lab.metrics(Peers.admin(port)));
    }

    /**
     * The sum over all series of that name whose labels contain {@code label}; empty if there is none.
     *
     * @param label such as <code>state="free"</code>, empty for all
     */
    OptionalDouble sum(String name, String label) {
        double[] values = text.lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .filter(line -> line.contains(label))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .toArray();
        return values.length == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(Arrays.stream(values).sum());
    }
}
