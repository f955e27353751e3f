package dev.cgnat.bench.peers.work;

import java.util.List;
import java.util.Map;

/**
 * How a proxy's admin API answered.
 *
 * @param paths by what was asked, in the order in which it first was
 */
public record AdminAnswers(Map<String, Answers> paths) {
    /**
     * To one question.
     *
     * @param millis from the start of the request to the last byte, in the order of the requests
     * @param bytes of the last body
     */
    public record Answers(List<Double> millis, int bytes) {}
}
