package dev.lair.server.search;

import dev.lair.registry.api.ApiJson;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.lucene.document.BinaryDocValuesField;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.SortedSetDocValuesField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/**
 * The card of a package as a document of Lucene: what is looked up in which field, what is counted, what is shown. Whoever
 * changes anything here gives {@link #FORM} another number, so that every node makes its index anew.
 */
final class Documents {

    /** Of the documents. */
    static final int FORM = 1;

    /** {@code ns:name}; one document each. */
    static final String ID = "id";

    /** The name without its namespace. */
    static final String NAME = "name";

    static final String NAMESPACE = "namespace";

    /** Single runs of the name. */
    static final String NAME_RUN = "name-run";

    /** Interfaces and worlds that are offered: item, path, with track and version. */
    static final String OFFER = "offer";

    static final String OFFER_RUN = "offer-run";

    /** The same of older version tracks. */
    static final String OLDER = "older";

    static final String OLDER_RUN = "older-run";

    /** Imports of a component. */
    static final String IMPORT = "import";

    static final String IMPORT_RUN = "import-run";

    /** Types and functions. */
    static final String ITEM = "item";

    static final String ITEM_RUN = "item-run";

    static final String DESCRIPTION = "description";

    static final String TEXT = "text";

    /** {@code key:value} of every filter. */
    static final String FILTER = "filter";

    /** {@code key:value} of every facet, as it is shown. */
    static final String FACET = "facet";

    /** Packages that this one refers to. */
    static final String DEPENDENCY = "dependency";

    /** Interfaces that are offered, each as {@code item SP path} and {@code path SP path}: what it may be typed as. */
    static final String SUGGEST_INTERFACE = "suggest-interface";

    /** The same of worlds. */
    static final String SUGGEST_WORLD = "suggest-world";

    /** {@link Shown} as JSON. */
    static final String SHOWN = "shown";

    /** {@link Quoted} as JSON. */
    static final String QUOTED = "quoted";

    /** In {@link #FILTER}: every version is yanked. */
    static final String YANKED = "yanked:only";

    /** What is kept to show. */
    record Shown(
            String version,
            @Nullable String kind,
            boolean yanked,
            String description,
            List<String> capabilities,
            @Nullable String licenses,
            List<String> toolchain,
            String provenance,
            String releasedAt) {}

    /** What is kept to say where a word was found. */
    record Quoted(
            List<String> interfaces, List<String> worlds, List<String> imports, List<String> items, String text) {}

    private Documents() {}

    static Document of(Card card) {
        Document document = new Document();
        document.add(new StringField(ID, card.name().toString(), Field.Store.NO));
        document.add(new BinaryDocValuesField(ID, new BytesRef(card.name().toString())));
        exact(document, NAME, List.of(card.name().name()));
        exact(document, NAMESPACE, List.of(card.name().namespace().value()));
        exact(document, NAME_RUN, Words.runs(card.name().name()));

        List<InterfaceName> offered = Stream.concat(card.interfaces().stream(), card.worlds().stream())
                .toList();
        names(document, OFFER, OFFER_RUN, offered);
        names(document, OLDER, OLDER_RUN, card.olderNames());
        names(document, IMPORT, IMPORT_RUN, card.imports());
        List<String> items = card.items().stream().map(Cards::folded).toList();
        exact(document, ITEM, items);
        exact(document, ITEM_RUN, runs(items));

        suggested(document, SUGGEST_INTERFACE, card.interfaces());
        suggested(document, SUGGEST_WORLD, card.worlds());
        prose(document, DESCRIPTION, card.description());
        prose(document, TEXT, card.text());
        filters(card).forEach(term -> document.add(new StringField(FILTER, term, Field.Store.NO)));
        facets(card).forEach(term -> document.add(new SortedSetDocValuesField(FACET, new BytesRef(term))));
        card.dependencies().stream()
                .limit(SearchLimits.NAMES_OF_PACKAGE)
                .forEach(name -> document.add(new SortedSetDocValuesField(DEPENDENCY, new BytesRef(name))));
        document.add(new StoredField(SHOWN, ApiJson.write(shown(card))));
        document.add(new StoredField(QUOTED, ApiJson.write(quoted(card))));
        return document;
    }

    private static void exact(Document document, String field, Collection<String> values) {
        new LinkedHashSet<>(values)
                .stream()
                        .filter(value -> !value.isEmpty() && value.length() <= 4 * SearchLimits.WORD_CHARACTERS)
                        .limit(SearchLimits.NAMES_OF_PACKAGE)
                        .forEach(value -> document.add(new StringField(field, value, Field.Store.NO)));
    }

    private static void names(Document document, String field, String runField, List<InterfaceName> names) {
        Set<String> terms = new LinkedHashSet<>();
        for (InterfaceName name : names) {
            terms.addAll(name.terms());
            // Not by the package alone: that is what its own name, and filters, are for.
            terms.remove(name.packageName());
        }
        exact(document, field, terms);
        exact(document, runField, runs(names.stream().map(InterfaceName::item).toList()));
    }

    private static void suggested(Document document, String field, List<InterfaceName> names) {
        Set<String> terms = new LinkedHashSet<>();
        for (InterfaceName name : names) {
            terms.add(name.item() + " " + name.path());
            terms.add(name.path() + " " + name.path());
        }
        exact(document, field, terms);
    }

    private static Set<String> runs(List<String> names) {
        Set<String> runs = new LinkedHashSet<>();
        names.forEach(name -> runs.addAll(Words.runs(name)));
        return runs;
    }

    private static void prose(Document document, String field, String text) {
        List<String> words = Words.of(text).stream()
                .filter(word -> !word.isWhole() && word.text().length() <= SearchLimits.WORD_CHARACTERS)
                .map(word -> Words.stem(word.text()))
                .toList();
        if (!words.isEmpty()) {
            document.add(new TextField(field, new WordStream(words)));
        }
    }

    private static Set<String> filters(Card card) {
        Set<String> terms = new TreeSet<>();
        if (card.kind() != null) {
            terms.add(Filters.KIND.term(card.kind()));
        }
        terms.add(Filters.NAMESPACE.term(card.name().namespace().value()));
        each(terms, Filters.EXPORTS, card.exports());
        each(terms, Filters.IMPORTS, card.imports());
        each(terms, Filters.WORLD, card.worlds());
        each(terms, Filters.INTERFACE, card.interfaces());
        card.capabilities().forEach(value -> terms.add(Filters.CAPABILITY.term(value)));
        card.licenseIds().forEach(value -> terms.add(Filters.LICENSE.term(value)));
        card.toolchain().forEach(value -> terms.add(Filters.TOOLCHAIN.term(value)));
        terms.add(Filters.PROVENANCE.term(card.provenance()));
        card.provenanceTerms().forEach(value -> terms.add(Filters.PROVENANCE.term(value)));
        if (card.isYanked()) {
            terms.add(YANKED);
        }
        terms.removeIf(term -> term.length() > 4 * SearchLimits.WORD_CHARACTERS);
        return terms;
    }

    private static void each(Set<String> terms, Filters filter, List<InterfaceName> names) {
        names.forEach(name -> name.terms().forEach(term -> terms.add(filter.term(term))));
    }

    private static List<String> facets(Card card) {
        List<String> terms = new ArrayList<>();
        facet(terms, Filters.KIND, card.kind() == null ? List.of() : List.of(card.kind()));
        facet(terms, Filters.EXPORTS, tracks(card.exports()));
        facet(terms, Filters.IMPORTS, tracks(card.imports()));
        facet(terms, Filters.CAPABILITY, card.capabilities());
        facet(terms, Filters.PROVENANCE, List.of(card.provenance()));
        facet(terms, Filters.LICENSE, card.licenseIds());
        facet(terms, Filters.TOOLCHAIN, card.toolchain());
        return terms;
    }

    /** Names of interfaces: a function of one component's own is nothing to narrow by. */
    private static List<String> tracks(List<InterfaceName> names) {
        return names.stream()
                .filter(name -> !name.packageName().isEmpty())
                .map(InterfaceName::byTrack)
                .toList();
    }

    private static void facet(List<String> terms, Filters filter, List<String> values) {
        values.stream()
                .filter(value -> value.length() <= 2 * SearchLimits.WORD_CHARACTERS)
                .distinct()
                .limit(SearchLimits.FACET_VALUES_OF_PACKAGE)
                .forEach(value -> terms.add(filter.key() + ":" + value));
    }

    private static Shown shown(Card card) {
        return new Shown(
                card.version(),
                card.kind(),
                card.isYanked(),
                card.description(),
                card.capabilities(),
                card.licenses(),
                card.toolchain(),
                card.provenance(),
                card.releasedAt());
    }

    private static Quoted quoted(Card card) {
        String text = card.text();
        Set<String> interfaces = paths(card.interfaces());
        interfaces.addAll(paths(card.olderNames()));
        return new Quoted(
                first(interfaces),
                first(paths(card.worlds())),
                first(paths(card.imports())),
                first(card.items()),
                text.length() <= SearchLimits.QUOTED_CHARACTERS
                        ? text
                        : text.substring(0, SearchLimits.QUOTED_CHARACTERS));
    }

    private static Set<String> paths(List<InterfaceName> names) {
        Set<String> paths = new LinkedHashSet<>();
        names.forEach(name -> paths.add(name.path()));
        return paths;
    }

    private static List<String> first(Collection<String> names) {
        return names.stream().limit(SearchLimits.QUOTED_NAMES).toList();
    }
}
