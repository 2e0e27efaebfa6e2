package dev.lair.cli.conformance;

import dev.lair.cli.report.Fault;
import dev.lair.cli.wit.WitFiles;
import dev.lair.component.wit.Resolved;
import dev.lair.component.wit.WitException;
import dev.lair.component.wit.encode.EncodeOptions;
import dev.lair.component.wit.encode.WitEncoder;
import dev.lair.component.wit.print.WitPrinter;
import dev.lair.component.wit.resolve.Features;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Packages of {@code wit-interfaces}: text, binary and printed text of each. Our binary of the text equals theirs byte
 * for byte, and both text and binary print as theirs does.
 */
final class Packages {
    /** As the expectations were made: no marker, and the version left as a placeholder. */
    private static final EncodeOptions PEER = new EncodeOptions(false, "wit-component", "$CARGO_PKG_VERSION");

    private Packages() {}

    static List<Part> judge(Path folder) throws Fault {
        Tally encode = new Tally("wit-interfaces/encode");
        Tally print = new Tally("wit-interfaces/print");
        Tally decode = new Tally("wit-interfaces/decode");
        for (Path binary : CorpusFiles.below(folder, ".wasm")) {
            String name = folder.relativize(binary).getName(0).toString();
            Path own = folder.resolve(name);
            List<Path> prints = CorpusFiles.below(own, ".wit.print");
            try {
                Resolved resolved =
                        new WitFiles(own, Features.ALL).resolveText(own.relativize(CorpusFiles.texts(own, name)));
                byte[] ours = WitEncoder.encode(resolved, PEER);
                int at = Arrays.mismatch(ours, CorpusFiles.bytes(binary));
                if (at < 0) {
                    encode.agree();
                } else {
                    encode.differ(name, "the binary differs from byte " + at);
                }
                String printed = WitPrinter.print(resolved, resolved.main());
                for (Path expected : prints) {
                    print.compare(name, printed, CorpusFiles.text(expected));
                }
            } catch (WitException refused) {
                encode.differ(name, "is refused: " + Texts.firstLine(refused));
            }
            for (Path expected : prints) {
                Components.decodes(decode, name, binary, expected);
            }
        }
        return List.of(encode.part(), print.part(), decode.part());
    }
}
