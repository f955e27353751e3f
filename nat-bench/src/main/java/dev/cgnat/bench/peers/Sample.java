package dev.cgnat.bench.peers;

import dev.cgnat.bench.peers.work.WorkResult;
import dev.cgnat.bench.peers.work.WorkResult.Figure;

/**
 * One measurement of one peer.
 *
 * @param processorSeconds that the peer's processes had, 0 if there are none
 * @param compilerSeconds how much of it the compilers of a Java process had
 * @param foreign processors that others used meanwhile, 0 or more
 */
record Sample(WorkResult result, double processorSeconds, double compilerSeconds, double foreign) {
    /** Above this the machine was not ours alone, and the sample counts only if there is no better. */
    static final double FOREIGN_LIMIT = 0.15;

    /** Above this Java was still compiling. */
    private static final double COMPILER_LIMIT_PERCENT = 3;

    boolean isClean() {
        return foreign < FOREIGN_LIMIT && !(compilerPercent() >= COMPILER_LIMIT_PERCENT); // which may be no number
    }

    /** Not a number where there is no process whose time could be measured. */
    double compilerPercent() {
        return processorSeconds == 0 ? Double.NaN : 100 * compilerSeconds / processorSeconds;
    }

    double donePerSecond() {
        return result.done() / result.seconds();
    }

    /** Not a number where there is no process whose time could be measured. */
    double donePerProcessorSecond() {
        return processorSeconds == 0 ? Double.NaN : result.done() / processorSeconds;
    }

    /** Not a number where there is no process whose time could be measured. */
    double processorMicrosEach() {
        return 1e6 / donePerProcessorSecond();
    }

    double gigabitsPerSecond() {
        return result.figure(Figure.BYTES) * 8 / 1e9 / result.seconds();
    }

    /** Not a number where there is no process whose time could be measured. */
    double gigabytesPerProcessorSecond() {
        return processorSeconds == 0 ? Double.NaN : result.figure(Figure.BYTES) / 1e9 / processorSeconds;
    }
}
