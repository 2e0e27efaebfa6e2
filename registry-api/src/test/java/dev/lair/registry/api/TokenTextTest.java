package dev.lair.registry.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.api.TokenText.Kind;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenTextTest {

    /** Trusted publishing, section 8. */
    private static final String VECTOR = "lair_tp_abcdefghijABCDEFGHIJ01234567891Fh1T4";

    @Test
    void vectorIsReadAndHashed() {
        TokenText token = TokenText.parse(VECTOR).orElseThrow();
        assertThat(token.kind()).isEqualTo(Kind.TP);
        assertThat(token.secret()).isEqualTo(VECTOR);
        assertThat(token.digest().hex()).isEqualTo("8f3d912513437a90fe3e4e0051ddefadbcbc3133a930caf29ff02fa836983007");
    }

    @ParameterizedTest
    @EnumSource
    void generatedTokenIsReadAgain(Kind kind) {
        TokenText token = TokenText.generate(kind, new SecureRandom());
        TokenText read = TokenText.parse(token.secret()).orElseThrow();
        assertThat(read.kind()).isEqualTo(kind);
        assertThat(read.digest()).isEqualTo(token.digest());
    }

    @Test
    void noTwoGeneratedTokensAreTheSame() {
        Set<String> seen = new HashSet<>();
        SecureRandom random = new SecureRandom();
        for (int i = 0; i < 1000; i++) {
            assertThat(seen.add(TokenText.generate(Kind.PAT, random).secret())).isTrue();
        }
    }

    @Test
    void anyCharacterChangedIsRefused() {
        for (int i = 0; i < VECTOR.length(); i++) {
            for (char c : new char[] {'0', 'z', 'A', '_', '-', ' ', '\u00e9'}) {
                if (VECTOR.charAt(i) != c) {
                    assertThat(TokenText.parse(VECTOR.substring(0, i) + c + VECTOR.substring(i + 1)))
                            .as("position " + i)
                            .isEmpty();
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "lair_tp_",
                "lair_tp_abcdefghijABCDEFGHIJ01234567891Fh1T",
                "lair_tp_abcdefghijABCDEFGHIJ01234567891Fh1T44",
                " lair_tp_abcdefghijABCDEFGHIJ01234567891Fh1T4",
                "lair_tp_abcdefghijABCDEFGHIJ01234567891Fh1T4\n",
                "lair_pat_abcdefghijABCDEFGHIJ01234567891Fh1T4",
                "LAIR_tp_abcdefghijABCDEFGHIJ01234567891Fh1T4",
                "lair_xx_abcdefghijABCDEFGHIJ01234567891Fh1T4"
            })
    void anythingElseIsRefused(String text) {
        assertThat(TokenText.parse(text)).isEmpty();
    }

    @Test
    void noPartOfTheSecretIsShown() {
        assertThat(TokenText.parse(VECTOR).orElseThrow()).hasToString("lair_tp_***");
    }

    @Test
    void textsAreMaskedWhereverATokenStandsInThemWholeOrNot() {
        assertThat(TokenText.masked("`" + VECTOR + "` and " + VECTOR + VECTOR))
                .isEqualTo("`lair_tp_***` and lair_tp_***");
        assertThat(TokenText.masked("/api/" + VECTOR.substring(0, VECTOR.length() - 1) + "/x"))
                .isEqualTo("/api/lair_tp_***/x");
        String words = "tokens begin with lair_pat_ or lair_tp_, as lair_pat_…";
        assertThat(TokenText.masked(words)).isEqualTo(words);
    }

    /** A million texts, half of them near a token: none but the token is one, and none ends in an exception. */
    @Test
    void noTextEndsInAnExceptionAndNoneButATokenIsOne() {
        Random random = new Random(5);
        String alphabet = "lair_tpdev0123456789ABCabc-. \u0000\u00e9\ud83d\ude00";
        for (int run = 0; run < 1_000_000; run++) {
            StringBuilder text = new StringBuilder(random.nextBoolean() ? VECTOR : "");
            int changes = 1 + random.nextInt(8);
            for (int i = 0; i < changes; i++) {
                char c = alphabet.charAt(random.nextInt(alphabet.length()));
                int at = random.nextInt(text.length() + 1);
                if (at < text.length() && random.nextBoolean()) {
                    text.setCharAt(at, c);
                } else {
                    text.insert(at, c);
                }
            }
            String candidate = text.toString();
            assertThat(TokenText.parse(candidate).isPresent()).isEqualTo(candidate.equals(VECTOR));
        }
    }
}
