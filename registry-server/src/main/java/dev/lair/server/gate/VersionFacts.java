package dev.lair.server.gate;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.lair.component.validate.ValidatorVersion;
import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.registry.api.ApiJson;
import dev.lair.registry.api.ApiPaths;
import dev.lair.registry.api.VersionDocument;
import dev.lair.registry.tree.TreePaths;
import dev.lair.registry.tree.VersionFile;
import dev.lair.server.gate.ToldRelease.Part;
import dev.lair.server.ledger.Ledger;
import dev.lair.server.settings.LairSettings;
import dev.lair.signing.EnvelopeCodec;
import dev.lair.storage.ContentNotFoundException;
import dev.lair.storage.FactStore;
import dev.lair.storage.LedgerEntry;
import dev.lair.storage.Storage;
import dev.lair.storage.StorageException;
import dev.lair.transparency.StrictBase64;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;

/**
 * What is known of releases that a published checkpoint covers, as bytes to be sent. A release is found and tagged without
 * reading anything that was found out about it, so that a client who has it already costs nothing.
 */
@Service
public final class VersionFacts {

    private static final Logger LOG = LoggerFactory.getLogger(VersionFacts.class);

    /** Of the JSON; another number makes every tag another one. */
    private static final int FORM = 3;

    private final Ledger ledger;
    private final PackageReleases releases;
    private final ReleaseGate gate;
    private final ToldFacts told;
    private final FactStore facts;
    private final List<String> features;

    private final LoadingCache<FactStore, String> generation =
            Caffeine.newBuilder().expireAfterWrite(GateLimits.TOLD_GENERATION).build(VersionFacts::generation);

    VersionFacts(
            Ledger ledger,
            PackageReleases releases,
            Examinations examinations,
            ReleaseGate gate,
            Storage storage,
            LairSettings settings) {
        this.ledger = ledger;
        this.releases = releases;
        this.gate = gate;
        this.told = new ToldFacts(examinations, Ticker.systemTicker(), GateLimits.TOLD_WAIT);
        this.facts = storage.facts();
        this.features = Examination.gated(settings.publish().featureSet());
    }

    private static String generation(FactStore facts) {
        try {
            return FactRebuild.generation(facts);
        } catch (StorageException e) {
            LOG.warn("kept facts cannot be read: {}", e.getMessage());
            return "";
        }
    }

    /** A release, yanked or not; empty when there is none. Reads nothing that was found out about it. */
    public Optional<ToldRelease> find(PackageName name, SemVer version) {
        long size = ledger.publishedSize();
        return releases.find(name.logId(), version, size)
                .map(entry -> new ToldRelease(
                        name,
                        entry,
                        entry.isYankedIn(size),
                        FORM + " " + ValidatorVersion.CURRENT + " " + features + " " + generation.get(facts)));
    }

    /** A version that a package has, or had. */
    public record Version(SemVer version, boolean isYanked) {}

    /** All versions of a package that a published checkpoint covers, the highest first. */
    public List<Version> versions(PackageName name) {
        long size = ledger.publishedSize();
        return releases.below(name.logId(), size).stream()
                .map(entry -> new Version(entry.version(), entry.isYankedIn(size)))
                .sorted(Comparator.comparing(Version::version).reversed())
                .toList();
    }

    /** An answer on its way, which holds room until it is closed. */
    public static final class Answer implements AutoCloseable {

        private final byte[] head;
        private final List<PressedBytes> parts;
        private final byte[] separator;
        private final byte[] end;
        private final ByteBudget.Share room;

        private Answer(byte[] head, List<PressedBytes> parts, String separator, String end, ByteBudget.Share room) {
            this.head = head;
            this.parts = parts;
            this.separator = separator.getBytes(StandardCharsets.UTF_8);
            this.end = end.getBytes(StandardCharsets.UTF_8);
            this.room = room;
        }

        /** Sends it, a few kilobytes at a time. */
        public void writeTo(OutputStream out) throws IOException {
            out.write(head);
            for (int i = 0; i < parts.size(); i++) {
                if (i > 0) {
                    out.write(separator);
                }
                parts.get(i).writeTo(out);
            }
            out.write(end);
        }

        @Override
        public void close() {
            room.close();
        }
    }

    /**
     * What is told of a release; empty when it has no WIT and that is asked for.
     *
     * @throws GateBusyException when there is no room for it now, or it had to be found out anew and could not be
     * @throws StorageException when its content is lost
     */
    public Optional<Answer> open(ToldRelease release, Part part) {
        PackageReleases.Entry entry = release.entry();
        try {
            return switch (part) {
                case DOCUMENT -> Optional.of(document(release, head(release)));
                case FILE -> Optional.of(document(release, fileHead(release)));
                case WIT_TEXT ->
                    told.of(release.basis(), entry.content(), ToldFacts.Piece.WIT_TEXT)
                            .map(this::alone);
                case WIT_MODEL ->
                    told.of(release.basis(), entry.content(), ToldFacts.Piece.WIT_MODEL)
                            .map(this::alone);
            };
        } catch (ContentNotFoundException e) {
            throw new StorageException(
                    "content " + entry.content() + " was released by the record at leaf " + entry.leafIndex()
                            + " and is not stored",
                    e);
        }
    }

    private Answer alone(PressedBytes piece) {
        return new Answer(new byte[0], List.of(piece), "", "", told.room(piece.sizeBytes()));
    }

    /** Members of {@link VersionDocument} before those that are remembered as JSON. */
    private record Head(
            String name,
            String version,
            String digest,
            boolean yanked,
            VersionDocument.Released released,
            VersionDocument.Links links) {}

    /** The same of {@link VersionFile}. */
    private record FileHead(String name, String version, String digest, VersionFile.Released released) {}

    private static Head head(ToldRelease release) {
        PackageReleases.Entry entry = release.entry();
        return new Head(
                release.name().toString(),
                entry.version().toString(),
                entry.content().toString(),
                release.isYanked(),
                new VersionDocument.Released(
                        entry.record().toString(),
                        entry.leafIndex(),
                        entry.time().toString(),
                        entry.keyId().toString()),
                links(release));
    }

    private static VersionDocument.Links links(ToldRelease release) {
        PackageName name = release.name();
        SemVer version = release.version();
        String api = ApiPaths.version(name, version);
        return new VersionDocument.Links(
                TreePaths.blob(release.content()),
                TreePaths.versionFile(name, version),
                TreePaths.releaseProof(name, version),
                TreePaths.recordProof(release.entry().record()),
                api + "/attestations",
                api + "/readme",
                TreePaths.index(name),
                ApiPaths.packageOf(name) + "/dependants");
    }

    private FileHead fileHead(ToldRelease release) {
        PackageReleases.Entry entry = release.entry();
        LedgerEntry record = ledger.entryAt(entry.leafIndex())
                .orElseThrow(() -> new IllegalStateException("leaf " + entry.leafIndex() + " was read and is gone"));
        return new FileHead(
                release.name().toString(),
                entry.version().toString(),
                entry.content().toString(),
                new VersionFile.Released(
                        entry.record().toString(),
                        entry.leafIndex(),
                        entry.time().toString(),
                        entry.keyId().toString(),
                        StrictBase64.encode(EnvelopeCodec.format(record.record()))));
    }

    private Answer document(ToldRelease release, Object members) throws ContentNotFoundException {
        PackageReleases.Entry entry = release.entry();
        PressedBytes facts =
                told.of(release.basis(), entry.content(), ToldFacts.Piece.FACTS).orElseThrow();
        PressedBytes verdict = told.verdict(release.basis(), entry, () -> gate.verdict(release.name(), entry));
        String head = new String(ApiJson.write(members), StandardCharsets.UTF_8);
        return new Answer(
                (head.substring(0, head.length() - 1) + ",\"verdict\":").getBytes(StandardCharsets.UTF_8),
                List.of(verdict, facts),
                ",\"content\":",
                "}",
                told.room((long) verdict.sizeBytes() + facts.sizeBytes()));
    }
}
