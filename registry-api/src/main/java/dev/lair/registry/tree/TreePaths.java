package dev.lair.registry.tree;

import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.transparency.Digest;
import dev.lair.transparency.MalformedTileException;
import dev.lair.transparency.RecordId;
import dev.lair.transparency.TilePath;

/**
 * Every path of the static tree that is served now (docs/API.md), relative to the registry's base URL, which may
 * itself carry a path. The constants are templates for a server's mappings; the methods fill them in and read them back.
 *
 * <pre>
 *   log/checkpoint       log/tile/…         the main log, as C2SP's tlog-tiles lays it out
 *   evidence/checkpoint  evidence/tile/…    the evidence log
 *   records/N[.p/W]                         {@link RecordBundle}; N and W as in {@link TilePath}
 *   package/NS/NAME/VERSION.tlog-proof      {@link dev.lair.transparency.TlogProof}
 *   proof/record/sha256-HEX.tlog-proof      the same of any record, by its id
 *   proof/map/NS/NAME                       {@link MapAnswer}
 *   index/NS/NAME                           {@link IndexLine}s
 *   iface/NS/PKG/IFACE/TRACK[/PAGE]         {@link InterfaceLine}s
 *   package/NS/NAME/VERSION.json            {@link VersionFile}
 *   package/NS/NAME/VERSION.attestations.json  {@link dev.lair.registry.api.PublishDocuments.Attestations}
 *   blob/sha256/HEX                         the content of a published release
 *   changes/N.ndjson                        {@link ChangeLine}s
 *   config.json                             {@link RegistryConfig}
 * </pre>
 */
public final class TreePaths {

    /** Prefix of the main log. */
    public static final String LOG = "log";

    /** Prefix of the evidence log. */
    public static final String EVIDENCE = "evidence";

    public static final String LOG_CHECKPOINT = LOG + "/checkpoint";
    public static final String LOG_TILES = LOG + "/tile";
    public static final String EVIDENCE_CHECKPOINT = EVIDENCE + "/checkpoint";
    public static final String EVIDENCE_TILES = EVIDENCE + "/tile";
    public static final String RECORDS = "records";
    public static final String INDEX = "index/{namespace}/{name}";
    public static final String INTERFACE = "iface/{namespace}/{packageName}/{item}/{track}";
    public static final String INTERFACE_PAGE = INTERFACE + "/{page}";
    public static final String VERSION_FILE = "package/{namespace}/{name}/{version}.json";
    public static final String ATTESTATIONS = "package/{namespace}/{name}/{version}.attestations.json";
    public static final String BLOB = "blob/sha256/{hex}";
    public static final String CHANGES = "changes/{segment}.ndjson";
    public static final String RELEASE_PROOF = "package/{namespace}/{name}/{version}.tlog-proof";
    public static final String RECORD_PROOF = "proof/record/sha256-{hex}.tlog-proof";
    public static final String MAP_PROOF = "proof/map/{namespace}/{name}";
    public static final String CONFIG = "config.json";

    private static final String BUNDLES = "tile/entries";

    private TreePaths() {}

    /** A tile or entry bundle below the prefix of a log, {@link #LOG} or {@link #EVIDENCE}. */
    public static String tile(String log, TilePath tile) {
        return log + "/" + tile.format();
    }

    /** The bundle of the records {@code [256n, 256n + width)}; a width of 256 is a full one. */
    public static String records(long n, int width) {
        return RECORDS + new TilePath.Entries(n, width).format().substring(BUNDLES.length());
    }

    /**
     * Inverse of {@link #records}, of the part behind {@code records/}.
     *
     * @throws MalformedTileException when it is spelled in any other way
     */
    public static TilePath.Entries parseRecords(String behindPrefix) {
        return (TilePath.Entries) TilePath.parse(BUNDLES + "/" + behindPrefix);
    }

    /** The offline proof of a release. */
    public static String releaseProof(PackageName name, SemVer version) {
        return "package/" + name.namespace() + "/" + name.name() + "/" + version + ".tlog-proof";
    }

    /** The offline proof of a record of any kind: what a publisher is pointed to. */
    public static String recordProof(RecordId record) {
        return "proof/record/sha256-" + record.hex() + ".tlog-proof";
    }

    /** What the map says of a package. */
    public static String mapProof(PackageName name) {
        return "proof/map/" + name.namespace() + "/" + name.name();
    }

    /** The releases of a package. */
    public static String index(PackageName name) {
        return "index/" + name.namespace() + "/" + name.name();
    }

    /** Everything that is known of a release. */
    public static String versionFile(PackageName name, SemVer version) {
        return "package/" + name.namespace() + "/" + name.name() + "/" + version + ".json";
    }

    /** What was stated about a release. */
    public static String attestations(PackageName name, SemVer version) {
        return "package/" + name.namespace() + "/" + name.name() + "/" + version + ".attestations.json";
    }

    /** The bytes of a release. */
    public static String blob(Digest content) {
        return "blob/sha256/" + content.hex();
    }

    /**
     * Who has to do with an interface on a track, the newest page.
     *
     * @param item {@code ns:pkg/iface}
     */
    public static String item(String item, String track) {
        return "iface/" + item.replace(':', '/') + "/" + track;
    }

    /** The same, one page. */
    public static String item(String item, String track, long page) {
        return item(item, track) + "/" + page;
    }

    /** A segment of the changes. */
    public static String changes(long segment) {
        return "changes/" + segment + ".ndjson";
    }
}
