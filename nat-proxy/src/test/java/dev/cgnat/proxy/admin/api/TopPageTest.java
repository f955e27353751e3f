package dev.cgnat.proxy.admin.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.proxy.admin.api.Listing.Cursor;
import dev.cgnat.proxy.admin.api.Listing.Sort;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopPageTest {
    /** Keys with many equals among them, as bytes and ages have. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void pagesTogetherAreTheWholeListInItsOrder(long seed) {
        Random random = new Random(seed);
        boolean isDescending = random.nextBoolean();
        Sort sort = new Sort(isDescending ? "-bytes" : "bytes", "bytes", isDescending);
        int limit = 1 + random.nextInt(20);
        long[] keys = random.longs(200, 0, 15).toArray();
        List<Integer> expected =
                new ArrayList<>(IntStream.range(0, keys.length).boxed().toList());
        Comparator<Integer> byKey = Comparator.comparingLong(i -> keys[i]);
        expected.sort((isDescending ? byKey.reversed() : byKey).thenComparingInt(i -> i));

        List<Integer> seen = new ArrayList<>();
        Optional<Cursor> cursor = Optional.empty();
        do {
            TopPage<Integer> page = new TopPage<>(sort, cursor, limit);
            for (int i = 0; i < keys.length; i++) {
                page.offer(keys[i], i, i);
            }
            Listing<Integer> listing = page.toListing();
            assertThat(listing.approximateTotal()).isEqualTo(keys.length);
            assertThat(listing.items()).hasSizeLessThanOrEqualTo(limit);
            seen.addAll(listing.items());
            cursor = listing.nextCursor().map(text -> parse(text, sort));
        } while (cursor.isPresent());

        assertThat(seen).isEqualTo(expected);
    }

    private static Cursor parse(String text, Sort sort) {
        String[] parts = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8).split(" ", -1);
        return new Cursor(sort.text(), Long.parseLong(parts[1]), Long.parseLong(parts[2]));
    }
}
