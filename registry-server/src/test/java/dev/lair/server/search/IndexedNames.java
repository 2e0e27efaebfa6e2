package dev.lair.server.search;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.store.FSDirectory;

/** What an index in a folder holds, for tests of other packages. */
public final class IndexedNames {

    private IndexedNames() {}

    /** The names of its packages; why not when it cannot be read. */
    public static List<String> in(Path folder) {
        try (FSDirectory directory = FSDirectory.open(folder);
                DirectoryReader reader = DirectoryReader.open(directory)) {
            return reader.leaves().stream()
                    .map(LeafReaderContext::reader)
                    .flatMap(leaf -> List.of(LeafColumns.read(leaf).names()).stream())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            return List.of("cannot be read");
        }
    }
}
