package dev.lair.component.wit;

import dev.lair.component.Workspace;
import dev.lair.component.binary.InvalidComponentException;
import dev.lair.component.wit.encode.EncodeOptions;
import dev.lair.component.wit.encode.WitEncoder;
import dev.lair.component.wit.print.WitPrinter;
import dev.lair.component.wit.resolve.Features;
import dev.lair.component.wit.resolve.SourceGroup;
import dev.lair.component.wit.resolve.WitResolver;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The WASI packages as published, each with the others of its release beside it. In 0.2.4 the package http names
 * versions 0.2.3 of the others, so as published it does not resolve.
 */
class WasiSetsTest {
    private static final Set<String> EXCEPTIONS = Set.of("0.2.4/http");

    private static final EncodeOptions OPTIONS = new EncodeOptions(true, "test", "1");

    @Test
    void everyPackageOfEveryReleaseGoesThroughTextAndBinaryUnchanged() {
        Path wit = Workspace.corpus("").resolveSibling("wit");
        Agreement agreement = new Agreement("wit");
        for (Path release : WitFolder.entries(wit)) {
            if (!Files.isDirectory(release) || release.endsWith("extra")) {
                continue;
            }
            for (Path main : WitFolder.entries(release)) {
                check(agreement, release, main);
            }
        }
        agreement.check(EXCEPTIONS);
    }

    private static void check(Agreement agreement, Path release, Path main) {
        String name = name(release, main);
        String printed = "";
        try {
            WitResolver resolver = new WitResolver(Features.ALL);
            for (Path other : WitFolder.entries(release)) {
                if (!other.equals(main) && !EXCEPTIONS.contains(name(release, other))) {
                    resolver.with(WitFolder.group(other));
                }
            }
            Resolved first = resolver.resolve(WitFolder.group(main));
            printed = WitPrinter.print(first);
            Resolved second = new WitResolver(Features.ALL).resolve(SourceGroup.of("printed", printed));
            byte[] binary = WitEncoder.encode(first, OPTIONS);
            Resolved decoded = Decoding.decode(binary);
            if (!second.equals(Ordered.of(first)) || !WitPrinter.print(second).equals(printed)) {
                agreement.differ(name, name + ": reads back differently\n" + printed);
            } else if (!decoded.main().equals(second.main())) {
                agreement.differ(name, name + ": decodes differently\n" + WitPrinter.print(decoded, decoded.main()));
            } else if (!Arrays.equals(WitEncoder.encode(decoded, OPTIONS), binary)) {
                agreement.differ(name, name + ": encodes differently after decoding");
            } else {
                agreement.agree();
            }
        } catch (WitException rejected) {
            agreement.differ(name, name + ": " + rejected.rendered() + "\n" + printed);
        } catch (InvalidComponentException invalid) {
            agreement.differ(name, name + ": our binary is invalid: " + invalid.getMessage());
        }
    }

    private static String name(Path release, Path main) {
        return release.getFileName() + "/" + main.getFileName();
    }
}
