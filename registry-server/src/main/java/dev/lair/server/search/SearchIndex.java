package dev.lair.server.search;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.IndexWriterConfig.OpenMode;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.similarities.Similarity;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.LockObtainFailedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The index in its directory, with one writer.
 *
 * <p><b>Crashes.</b> What is written is seen at once and durable with the next {@link #commit}, which keeps the position up to
 * which the ledger is indexed in the same file: a crash loses both, and what is behind the older position is indexed again.
 * An index of another form, or one that cannot be read, is dropped when it is opened.
 */
final class SearchIndex implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SearchIndex.class);

    static final Similarity SIMILARITY = new ProseSimilarity();

    private static final String FORM = "form";
    private static final String LEAVES = "leaves";
    private static final String LAST_RECORD = "last-record";
    private static final String EVIDENCE = "evidence";

    private final Directory directory;
    private final IndexWriter writer;
    private final View.Known known = new View.Known();
    private Position position;
    private volatile View view;
    private volatile boolean isClosed;

    /**
     * How far the logs are indexed.
     *
     * @param leaves of the ledger
     * @param lastRecord id of the last of them; empty before the first. Another one there means another ledger
     * @param evidence entries of the evidence log
     */
    record Position(long leaves, String lastRecord, long evidence) {

        static final Position NOTHING = new Position(0, "", 0);
    }

    private SearchIndex(Directory directory, IndexWriter writer, Position position) throws IOException {
        this.directory = directory;
        this.writer = writer;
        this.position = position;
        this.view = known.view(DirectoryReader.open(writer), position.leaves());
    }

    /** Opens what is there, or begins anew. Takes the directory over. */
    static SearchIndex open(Directory directory) throws IOException {
        try {
            if (DirectoryReader.indexExists(directory)) {
                IndexWriter writer = new IndexWriter(directory, config(OpenMode.APPEND));
                Position position = position(writer);
                if (position != null) {
                    return new SearchIndex(directory, writer, position);
                }
                LOG.info("search index has another form, it is made anew");
                writer.rollback();
            }
        } catch (LockObtainFailedException e) {
            throw e;
        } catch (IOException | RuntimeException damaged) {
            LOG.warn("search index cannot be read, it is made anew: {}", damaged.getMessage());
        }
        return create(directory);
    }

    /** Begins anew, whatever is there. Takes the directory over. */
    static SearchIndex create(Directory directory) throws IOException {
        try {
            for (String file : directory.listAll()) {
                if (!file.equals(IndexWriter.WRITE_LOCK_NAME)) {
                    directory.deleteFile(file);
                }
            }
            return new SearchIndex(directory, new IndexWriter(directory, config(OpenMode.CREATE)), Position.NOTHING);
        } catch (IOException | RuntimeException e) {
            directory.close();
            throw e;
        }
    }

    private static IndexWriterConfig config(OpenMode mode) {
        return new IndexWriterConfig(new NoAnalyzer())
                .setOpenMode(mode)
                .setSimilarity(SIMILARITY)
                .setRAMBufferSizeMB(SearchLimits.WRITER_MB)
                .setCommitOnClose(false);
    }

    /** Every text comes as words already. */
    private static final class NoAnalyzer extends Analyzer {
        @Override
        protected TokenStreamComponents createComponents(String field) {
            throw new IllegalStateException("field " + field + " was not given as words");
        }
    }

    /** The position that was committed; null when the index has another form. */
    private static @Nullable Position position(IndexWriter writer) {
        Map<String, String> data = new HashMap<>();
        Iterable<Map.Entry<String, String>> committed = writer.getLiveCommitData();
        if (committed != null) {
            committed.forEach(each -> data.put(each.getKey(), each.getValue()));
        }
        String leaves = data.get(LEAVES);
        String evidence = data.get(EVIDENCE);
        if (!String.valueOf(Documents.FORM).equals(data.get(FORM)) || leaves == null || evidence == null) {
            return null;
        }
        return new Position(Long.parseLong(leaves), data.getOrDefault(LAST_RECORD, ""), Long.parseLong(evidence));
    }

    void put(Card card) {
        try {
            writer.updateDocument(new Term(Documents.ID, card.name().toString()), Documents.of(card));
        } catch (IOException e) {
            throw new UncheckedIOException("the search index cannot be written", e);
        }
    }

    /** Lets searches see what was put, up to this position. */
    void show(Position next) {
        position = next;
        View before = view;
        try {
            DirectoryReader reader = DirectoryReader.openIfChanged(before.reader(), writer);
            if (reader == null) {
                if (before.treeSize() == next.leaves()) {
                    return;
                }
                before.reader().incRef();
                reader = before.reader();
            }
            view = known.view(reader, next.leaves());
        } catch (IOException e) {
            throw new UncheckedIOException("the search index cannot be read", e);
        }
        before.release();
    }

    /** Makes what was shown durable, with its position. */
    void commit() {
        try {
            Map<String, String> data = new HashMap<>();
            data.put(FORM, String.valueOf(Documents.FORM));
            data.put(LEAVES, String.valueOf(position.leaves()));
            data.put(LAST_RECORD, position.lastRecord());
            data.put(EVIDENCE, String.valueOf(position.evidence()));
            writer.setLiveCommitData(data.entrySet());
            writer.commit();
        } catch (IOException e) {
            throw new UncheckedIOException("the search index cannot be written", e);
        }
    }

    /** Forgets everything, for searches with the next {@link #show}. */
    void clear() {
        try {
            writer.deleteAll();
            position = Position.NOTHING;
        } catch (IOException e) {
            throw new UncheckedIOException("the search index cannot be written", e);
        }
    }

    /** Packages that are shown. */
    int size() {
        return view.reader().numDocs();
    }

    Position position() {
        return position;
    }

    /** The index as it is seen now; whoever takes it releases it. */
    View view() {
        while (true) {
            View now = view;
            if (now.hold()) {
                return now;
            }
            if (isClosed) {
                throw new IllegalStateException("the search index is closed: the server is about to stop");
            }
        }
    }

    /** Without a commit, as a crash would leave it. */
    @Override
    public void close() throws IOException {
        isClosed = true;
        view.release();
        writer.rollback();
        directory.close();
    }
}
