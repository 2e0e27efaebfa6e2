package dev.lair.server.design;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One wire format, one file: the magic or prefix of each stands in exactly one main class of the whole repository. */
class WireFormatsTest {

    private static final Pattern MAGIC = Pattern.compile("\"((?:WARG|LAIR)-[A-Z0-9-]+-V[0-9]+:?)\"");

    private static List<Path> mainSources() {
        try (Stream<Path> files = Files.walk(Path.of("..").toRealPath())) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> file.toString().contains("/src/main/java/"))
                    .filter(file -> !file.toString().contains("/target/"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The source without its comments, which may explain a format that another class has. */
    private static String code(Path file) {
        try {
            return Files.readString(file).replaceAll("(?s)/\\*.*?\\*/", "").replaceAll("(?m)^\\s*//.*$", "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "WARG-LOG-LEAF-V0",
                "WARG-MAP-LEAF-V0",
                "WARG-CHECKPOINT-V0",
                "WARG-TIMESTAMPED-CHECKPOINT-V0",
                "WARG-CHECKPOINT-SIGNATURE-V0:",
                "WARG-PACKAGE-LOG-RECORD-V0:",
                "WARG-OPERATOR-LOG-RECORD-V0:",
                "WARG-PACKAGE-RECORD-SIGNATURE-V0:",
                "WARG-OPERATOR-RECORD-SIGNATURE-V0:",
                "WARG-OPERATOR-LOG-ID-V0",
                "WARG-PACKAGE-LOG-ID-V0:",
                "WARG-PACKAGE-ID-V0",
                "LAIR-MAP-SNAPSHOT-V1",
                "LAIR-KEY-STORE-V1",
                "LAIR-KEY-STORE-V2",
                "LAIR-SEALED-KEY-V1",
                "LAIR-SEALED-NOTE-KEY-V1",
                "LAIR-SEALED-PACKAGE-KEY-V1",
                "DSSEv1",
                "https://in-toto.io/Statement/v1",
                "application/vnd.in-toto+json",
                "https://lair.dev/attestations/publish/v1",
                "cosignature/v1",
                "PRIVATE+KEY+",
                "subtree/v1\\n\\0",
                "c2sp.org/tlog-proof@v1",
                "text/x.tlog.size",
                "lair.dev/checkpoint-evidence@v1",
                "lair.dev/attestation-evidence@v1",
                "lair_",
                "ecdsa-p256:",
                "sha256:",
                "sha256-",
                "application/vnd.warg.ledger.packed"
            })
    void formatHasOneHome(String magic) {
        assertThat(mainSources())
                .filteredOn(file -> code(file).contains("\"" + magic + "\""))
                .hasSize(1);
    }

    @Test
    void noFormatIsMissingFromTheListAbove() throws NoSuchMethodException {
        TreeSet<String> found = new TreeSet<>();
        for (Path file : mainSources()) {
            Matcher magic = MAGIC.matcher(code(file));
            while (magic.find()) {
                found.add(magic.group(1));
            }
        }
        String[] listed = WireFormatsTest.class
                .getDeclaredMethod("formatHasOneHome", String.class)
                .getAnnotation(ValueSource.class)
                .strings();
        assertThat(listed).containsAll(found);
    }
}
