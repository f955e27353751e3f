package dev.cgnat.proxy.diagnose;

/**
 * A pool's use has reached the ratio that is worth an alarm, or has left it.
 *
 * @param pressure see {@link PoolSample}
 */
public record Alarm(String pool, State state, double pressure) {
    /** What there is to tell. */
    public enum State {
        RAISED,
        /** It was raised a while ago, and is not cleared yet. */
        STILL_RAISED,
        CLEARED
    }
}
