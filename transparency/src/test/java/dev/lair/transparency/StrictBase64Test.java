package dev.lair.transparency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StrictBase64Test {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "QQ",
                "QQ=",
                "QR==",
                "QUF=",
                "QQ==\n",
                "Q Q=",
                "QQ==QQ==",
                "====",
                "QQ-_",
                "Qé==",
                "Ā==",
                "\uD800"
            })
    void looseBase64IsRefused(String text) {
        assertThatThrownBy(() -> StrictBase64.decode(text)).isInstanceOf(MalformedBase64Exception.class);
    }

    @Test
    void base64RoundTripsEveryLength() {
        Random random = new Random(20260102);
        for (int length = 0; length < 70; length++) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            assertThat(StrictBase64.decode(StrictBase64.encode(bytes))).isEqualTo(bytes);
        }
    }
}
