package dev.lair.signing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One wire format, one file: each magic or prefix is spelled out in exactly one class. */
class FormatPrefixesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"WARG-PACKAGE-LOG-RECORD-V0:\"",
                "\"WARG-OPERATOR-LOG-RECORD-V0:\"",
                "\"WARG-PACKAGE-RECORD-SIGNATURE-V0:\"",
                "\"WARG-OPERATOR-RECORD-SIGNATURE-V0:\"",
                "\"WARG-CHECKPOINT-SIGNATURE-V0:\"",
                "\"LAIR-KEY-STORE-V1\"",
                "\"LAIR-KEY-STORE-V2\"",
                "\"LAIR-SEALED-KEY-V1\"",
                "\"ecdsa-p256:\"",
                "\"LAIR-SEALED-NOTE-KEY-V1\"",
                "\"LAIR-SEALED-PACKAGE-KEY-V1\"",
                "\"DSSEv1\"",
                "\"cosignature/v1\"",
                "\"subtree/v1\\n\\0\"",
                "\"PRIVATE+KEY+\"",
                "\"\\u2014 \"",
                "\"old \"",
                "\"text/x.tlog.size\"",
                "\"quorum\""
            })
    void prefixStandsInOneMainClass(String literal) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src", "main", "java"))) {
            List<Path> holders = files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> read(file).contains(literal))
                    .toList();
            assertThat(holders).hasSize(1);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
