package dev.lair.transparency;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DecimalTextTest {

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 9, 10, 4096, 999_999_999_999_999_999L, Long.MAX_VALUE - 1, Long.MAX_VALUE})
    void numbersReadBack(long number) {
        assertThat(DecimalText.parse(Long.toString(number))).hasValue(number);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-0",
                "-1",
                "+1",
                "00",
                "01",
                "1 ",
                "1\n",
                "a",
                "１",
                "9223372036854775808",
                "9999999999999999999",
                "18446744073709551616",
                "10000000000000000000",
                "100000000000000000000"
            })
    void otherTextsAreNone(String text) {
        assertThat(DecimalText.parse(text)).isEmpty();
    }

    @Test
    void hashesHaveOneBase64Text() {
        assertThat(RootHash.parseBase64(MerkleHash.EMPTY_ROOT.base64())).isEqualTo(MerkleHash.EMPTY_ROOT);
        assertThat(MerkleHash.EMPTY_ROOT.base64()).isEqualTo("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    }
}
