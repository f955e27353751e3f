package dev.cgnat.core.port;

import java.util.Arrays;
import java.util.BitSet;

/**
 * Blocks of equally many ints, by number.
 *
 * <p>A new block comes from the lowest chunk with room, and a chunk goes when its last block is freed, so memory follows use
 * both ways. <b>Ownership</b>: one thread. <b>Costs</b>: O(1); two ints per chunk of some 1,024.
 */
/*
 * The first int of a free block is the next free one of its chunk; the last two ints of a chunk are the first of these and
 * how many blocks are in use.
 */
final class Slab {
    private static final int[] ABSENT = {};
    private static final int END = -1;
    private static final int CHUNK_INTS_BITS = 10;

    private final int length;
    private final int chunkBits;
    private final BitSet chunksWithRoom = new BitSet();
    private final BitSet present = new BitSet();
    private int[][] chunks = {};
    /** No chunk before this one has room. */
    private int roomFrom;

    Slab(int length) {
        this.length = length;
        chunkBits = CHUNK_INTS_BITS - (Integer.SIZE - Integer.numberOfLeadingZeros(length - 1));
    }

    long bytes() {
        return 16 + 4L * chunks.length + present.cardinality() * (24 + 4L * (length << chunkBits));
    }

    /** A block: its first int has any value, the others are as they were when it was freed, 0 if it is new. */
    int allocate() {
        int number = chunksWithRoom.nextSetBit(roomFrom);
        if (number < 0) {
            number = openChunk();
        }
        roomFrom = number;
        int[] chunk = chunks[number];
        int block = chunk[chunk.length - 2];
        int next = chunk[block * length];
        chunk[chunk.length - 2] = next;
        chunk[chunk.length - 1]++;
        if (next == END) {
            chunksWithRoom.clear(number);
        }
        return number << chunkBits | block;
    }

    void free(int block) {
        int number = block >>> chunkBits;
        int[] chunk = chunks[number];
        int inChunk = block & ((1 << chunkBits) - 1);
        chunk[inChunk * length] = chunk[chunk.length - 2];
        chunk[chunk.length - 2] = inChunk;
        chunksWithRoom.set(number);
        roomFrom = Math.min(roomFrom, number);
        if (--chunk[chunk.length - 1] == 0
                && hasRoomElsewhere(number)) { // else the next block would bring the chunk back
            chunks[number] = ABSENT;
            chunksWithRoom.clear(number);
            present.clear(number);
        }
    }

    /** Where {@code block} stands, from {@link #offset} on. */
    int[] chunk(int block) {
        return chunks[block >>> chunkBits];
    }

    int offset(int block) {
        return (block & ((1 << chunkBits) - 1)) * length;
    }

    private boolean hasRoomElsewhere(int number) {
        return chunksWithRoom.nextSetBit(roomFrom) < number || chunksWithRoom.nextSetBit(number + 1) >= 0;
    }

    private int openChunk() {
        int number = present.nextClearBit(0);
        if (number == chunks.length) {
            chunks = Arrays.copyOf(chunks, number + Math.max(4, number / 8));
            Arrays.fill(chunks, number, chunks.length, ABSENT);
        }
        int blocks = 1 << chunkBits;
        int[] chunk = new int[blocks * length + 2];
        for (int block = 0; block < blocks; block++) {
            chunk[block * length] = block + 1 < blocks ? block + 1 : END;
        }
        chunks[number] = chunk;
        chunksWithRoom.set(number);
        present.set(number);
        return number;
    }
}
