package dev.lair.server.search;

import dev.lair.registry.api.SearchDocuments.Hit;
import dev.lair.registry.api.SearchDocuments.Results;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.server.Author;
import dev.lair.server.TestClock;
import dev.lair.server.TestSettings;
import dev.lair.server.gate.OpenGate;
import dev.lair.server.ledger.Ledger;
import dev.lair.server.ledger.NewRecord;
import dev.lair.server.ledger.OpenLedger;
import dev.lair.server.namespace.OpenNamespaces;
import dev.lair.server.settings.LairSettings;
import dev.lair.storage.ContentNotFoundException;
import dev.lair.storage.Storage;
import dev.lair.storage.memory.MemoryStorage;
import dev.lair.storage.registry.RegistryStore;
import dev.lair.transparency.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.IOContext;

/** A registry over memory and an index that follows it, wired by hand: no thread, no HTTP. */
final class OpenSearch implements AutoCloseable {

    final TestClock clock = new TestClock();
    final Storage storage = MemoryStorage.open(clock);
    final RegistryStore registry = RegistryStore.over(storage.registry());
    private final OpenNamespaces namespaces;
    private final OpenGate gate;
    private final Map<String, Author> authors = new HashMap<>();
    private Directory directory = new ByteBuffersDirectory();
    private SearchIndex index;

    OpenSearch(String... settings) throws Exception {
        LairSettings typed = TestSettings.of(settings);
        namespaces = OpenNamespaces.open(typed, storage, clock);
        gate = OpenGate.open(namespaces.opened().ledger(), namespaces.namespaces(), storage, typed);
        index = SearchIndex.open(directory);
    }

    Ledger ledger() {
        return namespaces.opened().ledger();
    }

    SearchIndex index() {
        return index;
    }

    private Author author(String name) {
        return authors.computeIfAbsent(name, each -> Author.of(each, clock));
    }

    /** Puts the content and the record into the stores; no rule looks at them. */
    void release(String name, String version, byte[] content) throws Exception {
        storage.contents().put(Digest.of(content), new ByteArrayInputStream(content), content.length);
        append(name, author(name).release(version, content), List.of(Digest.of(content)));
    }

    void yank(String name, String version) {
        append(name, author(name).yank(version), List.of());
    }

    private void append(String name, SignedPackageRecord record, List<Digest> contents) {
        Author author = author(name);
        OpenLedger.await(ledger().append(new NewRecord(
                        author.log(),
                        record.id(),
                        record.contents().prev(),
                        record.envelope(),
                        author.name(),
                        contents))
                .covered());
    }

    private LedgerFollower follower() {
        return new LedgerFollower(
                storage.ledger(),
                storage.evidence(),
                new Cards(
                        content -> {
                            try {
                                return Optional.of(gate.examinations().facts(content));
                            } catch (ContentNotFoundException lost) {
                                return Optional.empty();
                            }
                        },
                        registry),
                index);
    }

    /** Indexes everything; nothing of it is durable. */
    void follow() {
        LedgerFollower follower = follower();
        follower.dropIfForeign(ledger().publishedSize(), evidenceSize());
        while (!follower.isAt(ledger().publishedSize(), evidenceSize())) {
            follower.step(ledger().publishedSize(), evidenceSize());
        }
    }

    private long evidenceSize() {
        return storage.evidence().state().treeSize();
    }

    /** What a crash leaves: the directory as it was committed last. */
    void crash() throws IOException {
        Directory left = new ByteBuffersDirectory();
        for (String file : directory.listAll()) {
            if (!file.equals("write.lock")) {
                left.copyFrom(directory, file, file, IOContext.DEFAULT);
            }
        }
        index.close();
        reopen(left);
    }

    /** Goes on with the index in another directory. */
    void reopen(Directory other) throws IOException {
        directory = other;
        index = SearchIndex.open(directory);
    }

    Directory directory() {
        return directory;
    }

    Results search(String query) throws QueryRefused, IOException {
        return search(new SearchRequest(query, null, 100));
    }

    Results search(SearchRequest request) throws QueryRefused, IOException {
        View view = index.view();
        try {
            return new Searching(view).results(request);
        } finally {
            view.release();
        }
    }

    List<String> names(String query) throws QueryRefused, IOException {
        return search(query).hits().stream().map(Hit::name).toList();
    }

    List<String> suggestions(String prefix) throws IOException {
        View view = index.view();
        try {
            return new Searching(view)
                    .suggestions(prefix, 10).suggestions().stream()
                            .map(each -> each.kind() + " " + each.text())
                            .toList();
        } finally {
            view.release();
        }
    }

    @Override
    public void close() throws IOException {
        index.close();
        gate.close();
        namespaces.close();
        storage.close();
    }
}
