package dev.lair.component;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.component.binary.ByteSink;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An {@code if} without {@code else} is valid only where its parameters match its results. */
class ElseRuleTest {
    private static final byte[] PREAMBLE = {0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00};

    private static boolean mayBeLeftOut(String params, String results) throws InvalidWasmException {
        return ElseRule.mayBeLeftOut(reader(params), reader(results));
    }

    private static WasmReader reader(String hex) {
        return new WasmReader(ByteBuffer.wrap(HexFormat.of().parseHex(hex)));
    }

    @ParameterizedTest
    @CsvSource({
        "'', ''",
        "7f, 7f",
        "7f7e7d7c7b, 7f7e7d7c7b",
        "70, 70", // funcref
        "70, 6370", // its long form
        "6470, 70", // never null, may be null
        "73, 70", // nofunc, func
        "6c, 6d", // i31, eq
        "6b, 6e", // struct, any
        "71, 6a", // none, array
        "72, 6f", // noextern, extern
        "74, 69", // noexn, exn
    })
    void parametersThatMatchTheResultsNeedNoElse(String params, String results) throws Exception {
        assertThat(mayBeLeftOut(params, results)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "7f, 7e",
        "7f, ''",
        "'', 7f",
        "7f7e, 7e7f",
        "7f, 70",
        "70, 7f",
        "70, 6f", // func, extern
        "70, 6470", // may be null, never null
        "70, 73", // func, nofunc
        "6e, 6d", // any, eq
        "6c, 6b", // i31, struct
        "71, 70", // none, func
    })
    void parametersThatDoNotMatchNeedOne(String params, String results) throws Exception {
        assertThat(mayBeLeftOut(params, results)).isFalse();
    }

    /** What follows the `if` of type (i32) to (i64): the validator of modules takes the first two for valid. */
    @ParameterizedTest
    @ValueSource(strings = {"000b", "ac0b", "0f0b", "1a420005000b"})
    void wholeModulesAreJudgedByIt(String branch) {
        byte[] body = HexFormat.of().parseHex("00" + "41004100" + "0401" + branch + "1a" + "0b");
        byte[] module = new ByteSink()
                .bytes(PREAMBLE)
                .section(1, s -> s.bytes(HexFormat.of().parseHex("02" + "600000" + "60017f017e")))
                .section(3, s -> s.unsigned(1).unsigned(0))
                .section(10, s -> s.unsigned(1).sized(body))
                .toByteArray();
        boolean hasElse = branch.startsWith("1a");
        String verdict = CoreVerdicts.verdict(module, true);
        assertThat(verdict).isEqualTo(CoreVerdicts.verdict(module, false));
        assertThat(verdict).startsWith(hasElse ? "valid" : "invalid: type mismatch: an `if` without `else`");
    }
}
