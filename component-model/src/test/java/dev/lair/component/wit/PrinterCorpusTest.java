package dev.lair.component.wit;

import dev.lair.component.Workspace;
import dev.lair.component.wit.print.WitPrinter;
import dev.lair.component.wit.resolve.Features;
import dev.lair.component.wit.resolve.SourceGroup;
import dev.lair.component.wit.resolve.WitResolver;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Printed text equals what wasm-tools prints, and reads back as the same model. */
class PrinterCorpusTest {
    /** One has a binary among its texts, one is valid only while its feature is off, the others are rejected. */
    private static final Set<String> NO_ROUND_TRIP = Set.of(
            "kinds-of-deps",
            "foreign-world-dep-gated.wit",
            "bad-stability.wit",
            "component-wit-resolve-error.wit",
            "since-on-future-package.wit");

    @Test
    void packagesPrintAsWasmToolsPrintsThem() {
        Path part = Workspace.corpus("wit-interfaces");
        Agreement agreement = new Agreement("wit-interfaces/print");
        for (Path expected : Workspace.files(part, ".wit.print")) {
            Path folder = expected.getParent();
            String name = part.relativize(folder).getName(0).toString();
            Path text = Files.isDirectory(part.resolve(name).resolve(name))
                    ? part.resolve(name).resolve(name)
                    : part.resolve(name).resolve(name + ".wit");
            try {
                Resolved resolved = WitFolder.resolve(text, Features.ALL);
                String printed = WitPrinter.print(resolved, resolved.main());
                compare(agreement, name, printed, WitFolder.read(expected));
            } catch (WitException rejected) {
                agreement.differ(name, name + ": " + rejected.rendered());
            }
        }
        agreement.check(Set.of());
    }

    private static void compare(Agreement agreement, String name, String printed, String wanted) {
        if (printed.equals(wanted)) {
            agreement.agree();
        } else {
            agreement.differ(name, name + "\n--- want\n" + wanted + "\n--- got\n" + printed);
        }
    }

    /** Scripts of wasm-tools' own suite whose only step is to print the packages of a text. */
    @Test
    void setsPrintAsWasmToolsPrintsThem() {
        Path part = Workspace.corpus("wit-misc").resolve("cli");
        Agreement agreement = new Agreement("wit-misc/cli/print");
        for (Path text : Workspace.files(part, ".wit")) {
            String name = text.getFileName().toString();
            Path expected = part.resolve(name + ".stdout");
            String first = WitFolder.read(text).lines().findFirst().orElse("");
            boolean all = first.equals("// RUN: component wit --all-features %");
            if (!Files.exists(expected) || !(all || first.equals("// RUN: component wit %"))) {
                continue;
            }
            try {
                String printed = WitPrinter.print(WitFolder.resolve(text, all ? Features.ALL : Features.NONE));
                // The corpus has its backslashes turned into slashes and blank lines at the end cut off.
                String asInCorpus = printed.replace('\\', '/').stripTrailing() + "\n";
                compare(agreement, name, asInCorpus, WitFolder.read(expected));
            } catch (WitException rejected) {
                agreement.differ(name, name + ": " + rejected.rendered());
            }
        }
        agreement.check(Set.of());
    }

    @Test
    void whatIsPrintedReadsBackAsTheSameModel() {
        Agreement agreement = new Agreement("print, then read");
        List<Path> texts = WitFolder.entries(Workspace.corpus("wit-parser-ui").resolve("valid"));
        for (Path text : texts) {
            if (!text.toString().endsWith(".json") && !NO_ROUND_TRIP.contains(name(text))) {
                roundTrip(agreement, text);
            }
        }
        for (Path text : Workspace.files(Workspace.corpus("wit-misc").resolve("cli"), ".wit")) {
            if (!NO_ROUND_TRIP.contains(name(text))) {
                roundTrip(agreement, text);
            }
        }
        agreement.check(Set.of());
    }

    private static String name(Path text) {
        return text.getFileName().toString();
    }

    private static void roundTrip(Agreement agreement, Path text) {
        String name = name(text);
        String printed = "";
        try {
            Resolved first = WitFolder.resolve(text, Features.ALL);
            printed = WitPrinter.print(first);
            Resolved second = new WitResolver(Features.ALL).resolve(SourceGroup.of("printed", printed));
            if (second.equals(Ordered.of(first)) && WitPrinter.print(second).equals(printed)) {
                agreement.agree();
            } else {
                agreement.differ(
                        name,
                        name + "\n" + printed + "\n--- again\n" + WitPrinter.print(second) + first.packages() + "\n"
                                + second.packages());
            }
        } catch (WitException rejected) {
            agreement.differ(name, name + ": " + rejected.rendered() + "\n" + printed);
        }
    }
}
