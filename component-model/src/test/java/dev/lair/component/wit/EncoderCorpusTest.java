package dev.lair.component.wit;

import dev.lair.component.Workspace;
import dev.lair.component.wit.encode.EncodeOptions;
import dev.lair.component.wit.encode.WitEncoder;
import dev.lair.component.wit.resolve.Features;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Binaries equal those of wasm-tools byte for byte. */
class EncoderCorpusTest {
    /** As the corpus has it: no marker, and the version left as a placeholder. */
    private static final EncodeOptions PEER = new EncodeOptions(false, "wit-component", "$CARGO_PKG_VERSION");

    @Test
    void packagesEncodeAsWasmToolsEncodesThem() throws IOException {
        Path part = Workspace.corpus("wit-interfaces");
        Agreement agreement = new Agreement("wit-interfaces/encode");
        for (Path expected : Workspace.files(part, ".wasm")) {
            String name = part.relativize(expected).getName(0).toString();
            Path folder = part.resolve(name).resolve(name);
            Path text = Files.isDirectory(folder) ? folder : part.resolve(name).resolve(name + ".wit");
            try {
                byte[] binary = WitEncoder.encode(WitFolder.resolve(text, Features.ALL), PEER);
                byte[] wanted = Files.readAllBytes(expected);
                int at = Arrays.mismatch(binary, wanted);
                if (at < 0) {
                    agreement.agree();
                } else {
                    agreement.differ(
                            name, name + " at " + at + "\nwant " + near(wanted, at) + "\ngot  " + near(binary, at));
                }
            } catch (WitException rejected) {
                agreement.differ(name, name + ": " + rejected.rendered());
            }
        }
        agreement.check(Set.of());
    }

    private static String near(byte[] bytes, int at) {
        int from = Math.max(0, at - 20);
        return HexFormat.ofDelimiter(" ").formatHex(bytes, from, Math.min(bytes.length, from + 60));
    }
}
