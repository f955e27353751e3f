package dev.cgnat.bench.jmh;

/** Fixed, so that every fork does the same. */
final class Seeds {
    /** Of the slots that allocators draw. */
    static final long DRAWS = 0x9e37_79b9_7f4a_7c15L;
    /** Of what is released. */
    static final long PICKS = 0x2545_f491_4f6c_dd1dL;

    private Seeds() {}
}
