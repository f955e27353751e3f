package dev.cgnat.core.random;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.util.random.RandomGenerator;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/**
 * Random numbers from AES-256 in counter mode: without the key they cannot be told from random ones, and the key replaces
 * itself every 16,384 bytes. The same seed gives the same numbers on every Java platform.
 *
 * <p>Whoever reads the state learns what is to come in these 16,384 bytes and after them, but not what was drawn before:
 * numbers are wiped when drawn, and old keys when replaced, as far as the garbage collector leaves no copy behind.
 *
 * <p><b>Ownership</b>: one thread. <b>Costs</b>: a draw copies and wipes four or eight bytes. Every 16,352 bytes 1,024 blocks
 * are enciphered under a new key, which alone allocates: half a byte per {@link #nextInt}.
 */
/*
 * Fast key erasure [1]: the first 32 bytes of each batch are the key of the next one and are never given out. As no key
 * enciphers two batches, the counters of all batches are the same constant blocks, 0 to 1,023. Bytes are read in little-endian
 * order; electronic codebook over counters is counter mode, and unlike it a transformation that every platform must have.
 *
 * [1] D. J. Bernstein, Fast-key-erasure random-number generators, 2017.
 */
public final class KeyedRandom implements RandomGenerator {
    /** Bytes of a seed. */
    public static final int SEED_BYTES = 32;

    private static final int BLOCK_BYTES = 16;
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final VarHandle INTS_BIG_ENDIAN =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final byte[] COUNTERS = counters(1_024);

    private final Cipher cipher;
    private final byte[] batch = new byte[COUNTERS.length];
    private int drawn = batch.length;

    /** @param seed {@link #SEED_BYTES} bytes, which are copied; as hard to guess as the numbers shall be */
    public KeyedRandom(byte[] seed) {
        if (seed.length != SEED_BYTES) {
            throw new IllegalArgumentException("seed: " + seed.length + " bytes (expected: " + SEED_BYTES + ")");
        }
        System.arraycopy(seed, 0, batch, 0, SEED_BYTES);
        try {
            cipher = Cipher.getInstance("AES/ECB/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform must have AES", e);
        }
    }

    /** The generator of a test or a replay: as easy to guess as {@code seed}. */
    public static KeyedRandom seeded(long seed) {
        byte[] bytes = new byte[SEED_BYTES];
        LONGS.set(bytes, 0, seed);
        return new KeyedRandom(bytes);
    }

    /** A generator whose seed is drawn from {@code source}, which should be a {@link java.security.SecureRandom}. */
    public static KeyedRandom from(RandomGenerator source) {
        byte[] bytes = new byte[SEED_BYTES];
        source.nextBytes(bytes);
        return new KeyedRandom(bytes);
    }

    @Override
    public int nextInt() {
        int at = draw(Integer.BYTES);
        int value = (int) INTS.get(batch, at);
        INTS.set(batch, at, 0);
        return value;
    }

    @Override
    public long nextLong() {
        int at = draw(Long.BYTES);
        long value = (long) LONGS.get(batch, at);
        LONGS.set(batch, at, 0L);
        return value;
    }

    /*
     * D. Lemire, Fast random integer generation in an interval, 2019: the high half of a 32-bit draw times the bound. Of
     * the 2^32 draws, those whose low half is below 2^32 mod bound are too many, so they are drawn again. Written out, as
     * the platform's own method is free to change.
     */
    @Override
    public int nextInt(int bound) {
        if (bound <= 0) {
            throw new IllegalArgumentException("bound: " + bound + " (expected: at least 1)");
        }
        long product = Integer.toUnsignedLong(nextInt()) * bound;
        if (low(product) < bound) {
            long surplus = (1L << Integer.SIZE) % bound;
            while (low(product) < surplus) {
                product = Integer.toUnsignedLong(nextInt()) * bound;
            }
        }
        return (int) (product >>> Integer.SIZE);
    }

    private static long low(long product) {
        return product & 0xffff_ffffL;
    }

    private int draw(int bytes) {
        int at = drawn;
        if (at > batch.length - bytes) {
            refill();
            at = SEED_BYTES;
        }
        drawn = at + bytes;
        return at;
    }

    private void refill() {
        try {
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(batch, 0, SEED_BYTES, "AES"));
            cipher.doFinal(COUNTERS, 0, COUNTERS.length, batch, 0);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform must have AES with keys of 256 bits", e);
        }
    }

    private static byte[] counters(int blocks) {
        byte[] counters = new byte[blocks * BLOCK_BYTES];
        for (int block = 0; block < blocks; block++) {
            INTS_BIG_ENDIAN.set(counters, (block + 1) * BLOCK_BYTES - Integer.BYTES, block);
        }
        return counters;
    }
}
