package dev.lair.cli.conformance;

import dev.lair.cli.report.Fault;
import dev.lair.cli.wit.BinaryFile;
import dev.lair.cli.wit.Judgement;
import dev.lair.cli.wit.WitFiles;
import dev.lair.component.validate.FeatureSet;
import dev.lair.component.wit.Resolved;
import dev.lair.component.wit.print.WitPrinter;
import dev.lair.component.wit.resolve.Features;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Components of {@code wit-components} and {@code real}: valid, and with the WIT that others print for them. */
final class Components {
    private Components() {}

    /** Components that others built, each in a folder with its printed WIT. */
    static Part built(Path folder) throws Fault {
        Tally wit = new Tally("wit-components/wit");
        for (Path binary : CorpusFiles.below(folder, "component.wasm")) {
            Path expected = binary.resolveSibling("component.wit.print");
            if (Files.exists(expected)) {
                decodes(wit, String.valueOf(folder.relativize(binary).getParent()), binary, expected);
            }
        }
        return wit.part();
    }

    /** Components from practice: {@code NAME.wasm} with {@code NAME.wasm.wit}. */
    static List<Part> real(Path folder) throws Fault {
        Tally valid = new Tally("real/valid");
        Tally wit = new Tally("real/wit");
        List<Path> binaries = new ArrayList<>(CorpusFiles.below(folder, ".wasm"));
        for (Path binary : binaries) {
            String name = String.valueOf(binary.getFileName());
            switch (Judgement.of(BinaryFile.map(binary, binary), FeatureSet.all())) {
                case Judgement.Valid found -> valid.agree();
                case Judgement.NotChecked found -> valid.notChecked(name, found.reason());
                case Judgement.Invalid found -> valid.differ(name, "is invalid here: " + found.rule());
            }
            Path expected = folder.resolve(name + ".wit");
            if (Files.exists(expected)) {
                decodes(wit, name, binary, expected);
            }
        }
        return List.of(valid.part(), wit.part());
    }

    /** One binary, whose WIT is compared with a printed text. */
    static void decodes(Tally tally, String name, Path binary, Path expected) throws Fault {
        String printed;
        try {
            Resolved resolved = new WitFiles(binary.resolveSibling(""), Features.ALL).decode(binary);
            printed = WitPrinter.print(resolved, resolved.main());
        } catch (Fault refused) {
            tally.differ(name, "is refused: " + refused.text());
            return;
        }
        tally.compare(name, printed, CorpusFiles.text(expected));
    }
}
