package dev.cgnat.core.select;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SipHashTest {
    private static final long KEY_0 = 0x0706_0504_0302_0100L;
    private static final long KEY_1 = 0x0f0e_0d0c_0b0a_0908L;

    @Test
    void agreesWithTheAuthorsVectorOfEightBytes() {
        assertThat(new SipHash(KEY_0, KEY_1).of(0x0706_0504_0302_0100L)).isEqualTo(0x93f5_f579_9a93_2462L);
    }

    @Test
    void agreesWithTheReferenceForFortyBytes() {
        assertThat(new SipHash(KEY_0, KEY_1)
                        .of(
                                0x0706_0504_0302_0100L,
                                0x0f0e_0d0c_0b0a_0908L,
                                0x1716_1514_1312_1110L,
                                0x1f1e_1d1c_1b1a_1918L,
                                0x2726_2524_2322_2120L))
                .isEqualTo(0x0e3e_a96b_5304_a7d0L);
    }

    @Test
    void anotherKeyGivesAnotherValue() {
        assertThat(new SipHash(KEY_0, KEY_1).of(1)).isNotEqualTo(new SipHash(KEY_0, KEY_1 + 1).of(1));
    }
}
