package dev.lair.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.transparency.Digest;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ContentKeyTest {

    private static final Digest DIGEST = Digest.of(new byte[] {1});
    private static final String HEX = DIGEST.hex();

    @Test
    void keysAreReadBack() {
        for (ContentKey key : List.of(
                ContentKey.bytes(DIGEST, 0),
                ContentKey.bytes(DIGEST, 1),
                ContentKey.bytes(DIGEST, 999_999_999),
                ContentKey.touched(DIGEST, 0, 0),
                ContentKey.touched(DIGEST, 12, 1_767_323_045_678_901L),
                ContentKey.doubt(DIGEST, 1, 999_999_999_999_999_999L),
                ContentKey.verdict(DIGEST, 0, 7))) {
            assertThat(ContentKey.parse(key.format())).contains(key);
        }
        assertThat(ContentKey.bytes(DIGEST, 0).format()).isEqualTo("content/sha256/" + HEX);
        assertThat(ContentKey.touched(DIGEST, 3, 15).format()).isEqualTo("content/sha256/" + HEX + ".3.touched.15");
    }

    @Test
    void otherKeysAreNotOurs() {
        for (String end : List.of(
                ".",
                ".0",
                ".01",
                ".1.",
                ".-1",
                ".0.touched",
                ".0.touched.",
                ".0.touched.01",
                ".0.touched.-1",
                ".0.touched.1234567890123456789",
                ".01.touched.1",
                ".0.Touched.1",
                ".0.gone.1",
                ".0.touched.1.2",
                ".1000000000",
                "/0",
                "\n",
                "0")) {
            assertThat(ContentKey.parse("content/sha256/" + HEX + end)).as(end).isEmpty();
        }
        assertThat(ContentKey.parse("content/sha256/" + HEX.substring(1))).isEmpty();
        assertThat(ContentKey.parse("content/sha256/"
                        + HEX.replace('b', 'B').replace('a', 'A').replace('f', 'F')))
                .isEmpty();
        assertThat(ContentKey.parse("x/content/sha256/" + HEX)).isEmpty();
    }

    @Test
    void keysOfOneContentStandTogether() {
        Digest next = Digest.parseHexOnly(HEX.substring(0, 63) + (HEX.endsWith("f") ? "e" : "f"));
        TreeSet<String> sorted = new TreeSet<>();
        for (Digest digest : List.of(DIGEST, next)) {
            sorted.add(ContentKey.bytes(digest, 0).format());
            sorted.add(ContentKey.bytes(digest, 1).format());
            sorted.add(ContentKey.verdict(digest, 10, 5).format());
        }
        Digest lower = DIGEST.compareTo(next) < 0 ? DIGEST : next;
        assertThat(sorted.headSet(ContentKey.behind(lower))).hasSize(3).allMatch(key -> key.contains(lower.hex()));
    }
}
