package dev.cgnat.core.select;

/**
 * SipHash-2-4 [1] of 64-bit words: a keyed function whose values nobody can tell from random ones without the 128-bit key,
 * as far as is known; made for short inputs, such as the F and G of RFC 6056.
 *
 * <p><b>Costs</b>: two rounds of fourteen operations per word and six more; allocates nothing.
 */
/*
 * [1] J.-P. Aumasson, D. J. Bernstein, SipHash: a fast short-input PRF, INDOCRYPT 2012. The words are the message in
 *     little-endian order; as its length is a multiple of eight bytes, the last block holds nothing but the length.
 */
final class SipHash {
    private final long key0;
    private final long key1;

    private long v0;
    private long v1;
    private long v2;
    private long v3;

    SipHash(long key0, long key1) {
        this.key0 = key0;
        this.key1 = key1;
    }

    long of(long word) {
        start();
        absorb(word);
        return finish(1);
    }

    long of(long word0, long word1, long word2, long word3, long word4) {
        start();
        absorb(word0);
        absorb(word1);
        absorb(word2);
        absorb(word3);
        absorb(word4);
        return finish(5);
    }

    private void start() {
        v0 = key0 ^ 0x736f6d6570736575L;
        v1 = key1 ^ 0x646f72616e646f6dL;
        v2 = key0 ^ 0x6c7967656e657261L;
        v3 = key1 ^ 0x7465646279746573L;
    }

    private void absorb(long word) {
        v3 ^= word;
        round();
        round();
        v0 ^= word;
    }

    private long finish(int words) {
        absorb(((long) words * Long.BYTES) << 56);
        v2 ^= 0xff;
        for (int i = 0; i < 4; i++) {
            round();
        }
        return v0 ^ v1 ^ v2 ^ v3;
    }

    private void round() {
        v0 += v1;
        v1 = Long.rotateLeft(v1, 13) ^ v0;
        v0 = Long.rotateLeft(v0, 32);
        v2 += v3;
        v3 = Long.rotateLeft(v3, 16) ^ v2;
        v0 += v3;
        v3 = Long.rotateLeft(v3, 21) ^ v0;
        v2 += v1;
        v1 = Long.rotateLeft(v1, 17) ^ v2;
        v2 = Long.rotateLeft(v2, 32);
    }
}
