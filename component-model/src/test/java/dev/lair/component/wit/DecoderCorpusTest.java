package dev.lair.component.wit;

import dev.lair.component.Workspace;
import dev.lair.component.binary.InvalidComponentException;
import dev.lair.component.wit.print.WitPrinter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Binaries decode to the WIT that wasm-tools prints for them. */
class DecoderCorpusTest {
    @Test
    void packagesDecodeToTheWitThatTheyWereMadeFrom() {
        Path part = Workspace.corpus("wit-interfaces");
        Agreement agreement = new Agreement("wit-interfaces/decode");
        for (Path binary : Workspace.files(part, ".wasm")) {
            String name = part.relativize(binary).getName(0).toString();
            Path expected = Workspace.files(part.resolve(name), ".wit.print").getFirst();
            check(agreement, name, binary, expected);
        }
        agreement.check(Set.of());
    }

    @Test
    void realComponentsDecodeToTheWitThatWasToolsPrints() {
        Path part = Workspace.corpus("real");
        Agreement agreement = new Agreement("real/wit");
        for (Path binary : Workspace.files(part, ".wasm")) {
            Path expected = part.resolve(binary.getFileName() + ".wit");
            if (Files.exists(expected)) {
                check(agreement, binary.getFileName().toString(), binary, expected);
            }
        }
        agreement.check(Set.of());
    }

    @Test
    void builtComponentsDecodeToTheWitThatWasmToolsPrints() {
        Path part = Workspace.corpus("wit-components");
        Agreement agreement = new Agreement("wit-components/wit");
        for (Path binary : Workspace.files(part, "component.wasm")) {
            Path expected = binary.resolveSibling("component.wit.print");
            if (Files.exists(expected)) {
                check(agreement, part.relativize(binary.getParent()).toString(), binary, expected);
            }
        }
        agreement.check(Set.of());
    }

    private static void check(Agreement agreement, String name, Path binary, Path expected) {
        String printed;
        try {
            Resolved resolved = Decoding.decode(Files.readAllBytes(binary));
            printed = WitPrinter.print(resolved, resolved.main());
        } catch (IOException | InvalidComponentException | WitException | RuntimeException rejected) {
            agreement.differ(name, name + ": " + rejected);
            return;
        }
        String wanted = WitFolder.read(expected);
        if (printed.stripTrailing().equals(wanted.stripTrailing())) {
            agreement.agree();
        } else {
            agreement.differ(name, name + "\n--- want\n" + wanted + "\n--- got\n" + printed);
        }
    }
}
