package dev.cgnat.bench.jmh.opponents;

import java.util.random.RandomGenerator;

/** Draws what a test says, in that order, and fails if more is asked for. */
final class ScriptedRandom implements RandomGenerator {
    private final int[] numbers;
    private int next;

    ScriptedRandom(int... numbers) {
        this.numbers = numbers;
    }

    int drawn() {
        return next;
    }

    @Override
    public int nextInt(int bound) {
        int number = numbers[next++];
        if (number >= bound) {
            throw new IllegalArgumentException("bound: " + bound + " (expected: more than " + number + ")");
        }
        return number;
    }

    @Override
    public long nextLong() {
        throw new UnsupportedOperationException("only slots are drawn");
    }
}
