package dev.lair.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConsoleTest {

    @ParameterizedTest
    @CsvSource({
        "'plain text, ünïcödé 漢字 🙂', 'plain text, ünïcödé 漢字 🙂'",
        "'a\u001b[31mb', 'a�[31mb'",
        "'a\u202eb', 'a�b'",
        "'a\nb\rc', 'a�b�c'",
        "'a\u2028b', 'a�b'"
    })
    void nothingThatATerminalObeysIsPrinted(String line, String shown) {
        assertThat(Console.printable(line)).isEqualTo(shown);
    }
}
