package dev.lair.server.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LookAlikesTest {

    @ParameterizedTest
    @CsvSource({
        "acme, acne",
        "acme, acmee",
        "acme, acm-e",
        "acme, amce",
        "acme, xacme",
        "example, examp1e",
        "google, g0ogle",
        "google, gogle",
        "bytecode-alliance, bytecodealliance",
        "bytecode-alliance, byte-code-alliance",
        "modern, modem",
        "wasi, was1",
        "wasi, vvasi",
        "ns5, nss",
        "io, i0",
        "book-keeper, bok-keper"
    })
    void eitherIsTakenForTheOther(String one, String other) {
        assertThat(LookAlikes.of(one, List.of("unrelated", other))).contains(other);
        assertThat(LookAlikes.of(other, List.of("unrelated", one))).contains(one);
    }

    @ParameterizedTest
    @CsvSource({"acme, acre-x", "abc, abd", "abc, abcd", "wasi, wit", "acme, emca", "acme, acme-tools", "a, b"})
    void neitherIsTakenForTheOther(String one, String other) {
        assertThat(LookAlikes.of(one, List.of(other))).isEmpty();
        assertThat(LookAlikes.of(other, List.of(one))).isEmpty();
    }

    @Test
    void nameDoesNotLookLikeItself() {
        assertThat(LookAlikes.of("acme", List.of("acme"))).isEmpty();
    }
}
