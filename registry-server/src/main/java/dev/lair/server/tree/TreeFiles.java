package dev.lair.server.tree;

import dev.lair.component.validate.ValidatorVersion;
import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.registry.tree.ChangeLine;
import dev.lair.registry.tree.IndexLine;
import dev.lair.registry.tree.InterfaceLine;
import dev.lair.registry.tree.RegistryConfig;
import dev.lair.registry.tree.RegistryConfig.LogConfig;
import dev.lair.registry.tree.TreePaths;
import dev.lair.registry.warg.WargJson;
import dev.lair.server.insight.Catalog;
import dev.lair.server.insight.Catalog.Listed;
import dev.lair.server.ledger.Ledger;
import dev.lair.server.provenance.Attestations;
import dev.lair.server.settings.PublicUrl;
import dev.lair.signing.note.NoteKey;
import dev.lair.storage.registry.CatalogRows.ChangeRow;
import dev.lair.storage.registry.CatalogRows.UseRow;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.springframework.stereotype.Service;

/**
 * The files of the tree that follow from the catalog, byte for byte: the same for who asks over HTTP and for who writes the
 * tree elsewhere. Empty is what is not there.
 */
@Service
public final class TreeFiles {

    private final Ledger ledger;
    private final Catalog catalog;
    private final Attestations attestations;
    private final PublicUrl publicUrl;

    TreeFiles(Ledger ledger, Catalog catalog, Attestations attestations, PublicUrl publicUrl) {
        this.ledger = ledger;
        this.catalog = catalog;
        this.attestations = attestations;
        this.publicUrl = publicUrl;
    }

    /** {@code config.json}. */
    public byte[] config() {
        return config(catalog.changesSoFar());
    }

    /** The same, when so many changes are shown. */
    byte[] config(long changes) {
        Map<String, List<String>> protocols = new LinkedHashMap<>();
        protocols.put("warg", List.of("v1"));
        protocols.put("lair", List.of("v1"));
        protocols.put("tree", List.of("v1"));
        Map<String, String> endpoints = new LinkedHashMap<>();
        endpoints.put("warg", publicUrl.of("v1"));
        endpoints.put("lair", publicUrl.of("api/v1"));
        endpoints.put("content", publicUrl.ofContent("content"));
        endpoints.put("blob", publicUrl.of("blob"));
        endpoints.put("index", publicUrl.of("index"));
        endpoints.put("iface", publicUrl.of("iface"));
        endpoints.put("records", publicUrl.of(TreePaths.RECORDS));
        endpoints.put("package", publicUrl.of("package"));
        endpoints.put("map", publicUrl.of("proof/map"));
        return WargJson.write(new RegistryConfig(
                RegistryConfig.FORMAT_VERSION,
                publicUrl.toString(),
                protocols,
                endpoints,
                log(ledger.origin(), TreePaths.LOG, ledger.noteKeys()),
                log(ledger.evidenceOrigin(), TreePaths.EVIDENCE, ledger.evidenceKeys()),
                new RegistryConfig.Changes(publicUrl.of("changes"), changes),
                ValidatorVersion.SPECIFICATION));
    }

    private LogConfig log(String origin, String path, List<NoteKey> keys) {
        return new LogConfig(
                origin, publicUrl.of(path), keys.stream().map(NoteKey::text).toList());
    }

    /** {@code index/NS/NAME}. */
    public Optional<byte[]> index(PackageName name) {
        List<Listed> listed = catalog.index(name);
        return listed.isEmpty() ? Optional.empty() : Optional.of(index(listed));
    }

    /** The same of these releases. */
    static byte[] index(List<Listed> listed) {
        return IndexLine.format(listed.stream().map(TreeFiles::line).toList());
    }

    private static IndexLine line(Listed each) {
        return new IndexLine(
                each.release().version(),
                each.release().digest().toString(),
                each.release().sizeBytes() < 0 ? null : each.release().sizeBytes(),
                each.release().kind(),
                each.dependencies().stream()
                        .map(dependency -> new IndexLine.Dependency(
                                dependency.target(),
                                dependency.version().isEmpty() ? null : dependency.version(),
                                dependency.how()))
                        .toList(),
                each.release().isYanked(),
                each.release().deprecated(),
                each.release().leafIndex());
    }

    /** A page of {@code iface/NS/PKG/IFACE/TRACK}. */
    public record Page(byte[] body, boolean isSealed) {}

    /**
     * A page of who has to do with an interface.
     *
     * @param item {@code ns:pkg/iface}
     * @param page by its number; empty is the newest
     */
    public Optional<Page> item(String item, String track, OptionalLong page) {
        return item(item, track, page, catalog.uses(item, track));
    }

    /** The same, when so many lines are shown. */
    Optional<Page> item(String item, String track, OptionalLong page, long lines) {
        long number = page.orElse((lines - 1) / InterfaceLine.PAGE);
        long from = number * InterfaceLine.PAGE;
        if (lines == 0 || from >= lines) {
            return Optional.empty();
        }
        long until = Math.min(lines, from + InterfaceLine.PAGE);
        byte[] body = InterfaceLine.format(catalog.uses(item, track, from, until).stream()
                .map(TreeFiles::line)
                .toList());
        return Optional.of(new Page(body, page.isPresent() && until == from + InterfaceLine.PAGE));
    }

    private static InterfaceLine line(UseRow use) {
        return new InterfaceLine(
                use.number(),
                use.role().name().toLowerCase(Locale.ROOT),
                use.named(),
                use.packageName(),
                use.version(),
                use.leafIndex());
    }

    /** {@code changes/N.ndjson}; the first is there from the beginning. */
    public Optional<Page> changes(long segment) {
        return changes(segment, catalog.changes());
    }

    /** The same, when so many changes are shown. */
    Optional<Page> changes(long segment, long changes) {
        long from = segment * ChangeLine.SEGMENT;
        if (from > changes || (from == changes && segment > 0)) {
            return Optional.empty();
        }
        long until = Math.min(changes, from + ChangeLine.SEGMENT);
        byte[] body = ChangeLine.format(
                catalog.changes(from, until).stream().map(TreeFiles::line).toList());
        return Optional.of(new Page(body, until == from + ChangeLine.SEGMENT));
    }

    private static ChangeLine line(ChangeRow change) {
        return new ChangeLine(
                change.number(),
                change.kind().name().toLowerCase(Locale.ROOT),
                change.packageName(),
                change.version(),
                change.digest().toString(),
                change.leafIndex());
    }

    /** {@code package/NS/NAME/VERSION.attestations.json}. */
    public Optional<byte[]> attestations(PackageName name, SemVer version) {
        return catalog.release(name, version).map(release -> attestations.document(name, version));
    }
}
