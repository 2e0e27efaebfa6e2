package dev.lair.cli.conformance;

import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * A corpus of cases with the verdicts of others. Each case is judged here first; what the corpus says of it is read only
 * then.
 */
public final class Corpus {
    private interface Judge {
        List<Part> judge(Path folder) throws Fault;
    }

    private record Folder(String name, Judge judge) {}

    private static final List<Folder> FOLDERS = List.of(
            new Folder("wast", Scripts::judge),
            new Folder("wit-parser-ui", Texts::judge),
            new Folder("wit-interfaces", Packages::judge),
            new Folder("wit-components", folder -> List.of(Components.built(folder))),
            new Folder("wit-misc", Printing::judge),
            new Folder("real", Components::real));

    private Corpus() {}

    /**
     * Judges every part that is there, and hands over each as it is done.
     *
     * @return the folders that a corpus has and this one lacks
     */
    public static List<String> judge(Path corpus, Consumer<Part> done) throws Fault {
        List<Folder> present = FOLDERS.stream()
                .filter(folder -> Files.isDirectory(corpus.resolve(folder.name())))
                .toList();
        if (present.isEmpty()) {
            throw ExitCode.LOCAL.fault("`" + corpus + "` is no corpus: it has none of the folders "
                    + String.join(", ", FOLDERS.stream().map(Folder::name).toList()));
        }
        for (Folder folder : present) {
            folder.judge().judge(corpus.resolve(folder.name())).forEach(done);
        }
        return FOLDERS.stream()
                .filter(folder -> !present.contains(folder))
                .map(Folder::name)
                .toList();
    }
}
