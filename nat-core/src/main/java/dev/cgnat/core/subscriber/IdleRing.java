package dev.cgnat.core.subscriber;

import org.jspecify.annotations.Nullable;

/**
 * What is idle, in the order in which it became so.
 *
 * <p><b>Ownership</b>: one thread. <b>Costs</b>: O(1), and no object: the members are linked with each other.
 *
 * @param <T> what can be idle
 */
public final class IdleRing<T extends IdleRing.Member> {
    /** Stands between the one that is idle for the shortest time and the one that is for the longest. */
    private final Member ends = new Member();

    private int size;

    /** May be in one ring. */
    public static class Member {
        /** Itself outside of a ring. */
        private Member previous = this;

        private Member next = this;
    }

    public int size() {
        return size;
    }

    public boolean contains(T member) {
        return !isAlone(member);
    }

    /** {@code member}, which is in no ring, is idle from now on. */
    public void add(T member) {
        Member newest = ends.previous;
        link(newest, member);
        link(member, ends);
        size++;
    }

    /** {@code member} is not idle any more; nothing is done if it was not. */
    public void remove(T member) {
        if (contains(member)) {
            Member alone = member;
            link(alone.previous, alone.next);
            link(alone, alone);
            size--;
        }
    }

    /** The one that is idle for the longest time, absent if none is. */
    @SuppressWarnings("unchecked") // none but a T was added
    public @Nullable T longest() {
        return isAlone(ends) ? null : (T) ends.next;
    }

    @SuppressWarnings("ReferenceEquality") // it is about the very object
    private static boolean isAlone(Member member) {
        return member.next == member;
    }

    private static void link(Member earlier, Member later) {
        earlier.next = later;
        later.previous = earlier;
    }
}
