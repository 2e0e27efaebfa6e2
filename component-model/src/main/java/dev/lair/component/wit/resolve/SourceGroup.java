package dev.lair.component.wit.resolve;

import dev.lair.component.wit.WitSource;
import java.util.Comparator;
import java.util.List;

/**
 * The texts of one package, with the packages nested in them: a directory of {@code .wit} files, or one file. Texts are
 * read in the order of their names, whatever order they come in.
 */
public record SourceGroup(String name, List<WitSource> sources) {
    public SourceGroup {
        sources = sources.stream().sorted(Comparator.comparing(WitSource::name)).toList();
    }

    /** One text. */
    public static SourceGroup of(String name, String text) {
        return new SourceGroup(name, List.of(new WitSource(name, text)));
    }
}
