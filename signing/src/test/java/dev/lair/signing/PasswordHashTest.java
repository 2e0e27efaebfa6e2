package dev.lair.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordHashTest {

    private static final SecureRandom RANDOM = new SecureRandom();

    private static String hash(String password) {
        return PasswordHash.of(password.toCharArray(), PasswordHash.COST, RANDOM);
    }

    @Test
    void passwordMatchesItsHashAndNoOther() {
        String kept = hash("p\u00e4ssword \ud83d\ude00");
        assertThat(kept).startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
        assertThat(PasswordHash.matches("p\u00e4ssword \ud83d\ude00".toCharArray(), kept))
                .isTrue();
        assertThat(PasswordHash.matches("p\u00e4ssword".toCharArray(), kept)).isFalse();
    }

    @Test
    void samePasswordHasAnotherHashEachTime() {
        assertThat(hash("password")).isNotEqualTo(hash("password"));
    }

    @Test
    void nothingMatchesTheHashOfNone() {
        String none = PasswordHash.ofNone(PasswordHash.COST, RANDOM);
        assertThat(PasswordHash.matches("".toCharArray(), none)).isFalse();
        assertThat(PasswordHash.matches("password".toCharArray(), none)).isFalse();
    }

    @Test
    void anotherCostIsReadFromTheHash() {
        String kept = PasswordHash.of("password".toCharArray(), new Argon2Cost(20_000, 3, 2), RANDOM);
        assertThat(kept).contains("m=20000,t=3,p=2");
        assertThat(PasswordHash.matches("password".toCharArray(), kept)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "$argon2i$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "$argon2id$v=19$m=9999999,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAA"
            })
    void anythingElseIsNoHash(String kept) {
        assertThatThrownBy(() -> PasswordHash.matches("password".toCharArray(), kept))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void passwordThatNobodyTypesIsNotHashed() {
        assertThatThrownBy(() -> hash("x".repeat(PasswordHash.MAX_CHARS + 1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
