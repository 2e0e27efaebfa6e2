package dev.lair.server.gate;

import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.transparency.Digest;
import java.nio.charset.StandardCharsets;

/**
 * A release that a published checkpoint covers, found without reading what is known of it.
 *
 * @see VersionFacts
 */
public final class ToldRelease {

    /** What is told of a release. */
    public enum Part {
        /** {@link dev.lair.registry.api.VersionDocument}, as JSON. */
        DOCUMENT,
        /** {@link dev.lair.registry.tree.VersionFile}, as JSON: what never changes. */
        FILE,
        /** The WIT as text. */
        WIT_TEXT,
        /** {@link dev.lair.registry.api.WitModel}, as JSON. */
        WIT_MODEL
    }

    private final PackageName name;
    private final PackageReleases.Entry entry;
    private final boolean isYanked;
    private final String basis;

    /**
     * A release.
     *
     * @param basis what else the facts depend on
     */
    ToldRelease(PackageName name, PackageReleases.Entry entry, boolean isYanked, String basis) {
        this.name = name;
        this.entry = entry;
        this.isYanked = isYanked;
        this.basis = basis;
    }

    public PackageName name() {
        return name;
    }

    public SemVer version() {
        return entry.version();
    }

    /** Of the bytes. */
    public Digest content() {
        return entry.content();
    }

    PackageReleases.Entry entry() {
        return entry;
    }

    boolean isYanked() {
        return isYanked;
    }

    /** What the facts depend on besides the release. */
    String basis() {
        return basis;
    }

    /**
     * A name for the bytes that are told, known without reading them: it changes with the release's state, with the validator,
     * its features and the form of the answer, and when facts were rebuilt.
     */
    public String tag(Part part) {
        String told = String.join(
                "\n",
                part.name(),
                basis,
                entry.record().toString(),
                entry.version().toString(),
                entry.content().toString(),
                // The WIT does not say whether its release is yanked.
                Boolean.toString(part == Part.DOCUMENT && isYanked));
        return Digest.of(told.getBytes(StandardCharsets.UTF_8)).hex();
    }
}
