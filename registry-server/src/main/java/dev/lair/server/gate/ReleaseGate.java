package dev.lair.server.gate;

import dev.lair.component.names.SemanticVersion;
import dev.lair.registry.MalformedNameException;
import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.registry.api.ApiJson;
import dev.lair.registry.api.ContentFacts.Dependency;
import dev.lair.registry.api.ReleaseVerdict;
import dev.lair.registry.log.OperatorLog.NamespaceState;
import dev.lair.registry.log.PackageEntry;
import dev.lair.registry.log.PackageLog;
import dev.lair.registry.log.Release;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.server.namespace.Namespaces;
import dev.lair.server.settings.LairSettings;
import dev.lair.storage.ContentNotFoundException;
import dev.lair.storage.FactStore;
import dev.lair.storage.Storage;
import dev.lair.storage.StorageException;
import dev.lair.storage.StoredContent;
import dev.lair.transparency.Digest;
import dev.lair.transparency.RecordId;
import jakarta.annotation.PreDestroy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;

/**
 * Looks at content and at releases before a record is logged (architecture, hop 3). Bytes are judged once per digest
 * ({@link Examinations}), each release of them in its place ({@link ReleaseRules}): one content may be released under
 * several names. Records of a log are chained, so what stands before a release is known when it comes and never changes.
 */
@Service
public final class ReleaseGate implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ReleaseGate.class);

    private final Examinations examinations;
    private final PackageReleases releases;
    private final Namespaces namespaces;
    private final FactStore facts;
    private final ReleaseRules rules;

    /**
     * Keeps verdicts behind the answer, so that no publish waits for it. What a crash or a full queue takes is derived again
     * by whoever asks; a verdict of a record that never reached the ledger is left over until {@code lair rebuild}.
     */
    private final ExecutorService keeper = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(GateLimits.WAITING_VERDICTS),
            Thread.ofPlatform().daemon().name("lair-verdict-keeper").factory(),
            new ThreadPoolExecutor.DiscardPolicy());

    /** A content of a record that may not be released so, and why. */
    public record Refusal(Digest content, String reason) {}

    ReleaseGate(
            Examinations examinations,
            PackageReleases releases,
            Namespaces namespaces,
            Storage storage,
            LairSettings settings) {
        this.examinations = examinations;
        this.releases = releases;
        this.namespaces = namespaces;
        this.facts = storage.facts();
        this.rules = new ReleaseRules(GatePolicy.of(settings.publish()), new ReleaseRules.Surroundings() {
            @Override
            public Examined comparable(Digest content) throws ContentNotFoundException {
                return examinations.comparable(content);
            }

            @Override
            public boolean isKnown(Dependency dependency) {
                return ReleaseGate.this.isKnown(dependency);
            }
        });
    }

    /**
     * Why these bytes may not be released under any name, in the reference's words; empty when they may.
     *
     * @throws ContentNotFoundException when the content was collected meanwhile
     * @throws GateBusyException when it could not be looked at now
     */
    public Optional<String> objection(StoredContent content) throws ContentNotFoundException {
        return rules.contentObjection(examinations.examined(content));
    }

    /** The same of content that was released before. */
    public Optional<String> objection(Digest content) throws ContentNotFoundException {
        return rules.contentObjection(examinations.examined(content));
    }

    /**
     * The first release of a record that may not be, of those whose content is here; the others are looked at when theirs
     * comes. Nobody objects to the bytes of any.
     *
     * @param before the log's state just before the record
     * @param isHere whether a content is stored
     * @throws GateBusyException when something could not be looked at now
     */
    public Optional<Refusal> objection(
            PackageName name, SignedPackageRecord record, PackageLog.State before, Predicate<Digest> isHere) {
        if (record.contents().entries().stream()
                .noneMatch(entry -> entry instanceof PackageEntry.Release release && isHere.test(release.content()))) {
            // A record that waits for all its contents, as nearly every one does when it is handed in.
            return Optional.empty();
        }
        List<Released> earlier = new ArrayList<>();
        for (Release release : before.releases()) {
            if (!release.yanked()) {
                earlier.add(new Released(release.version(), release.content()));
            }
        }
        for (PackageEntry entry : record.contents().entries()) {
            if (entry instanceof PackageEntry.Release release) {
                if (isHere.test(release.content())) {
                    Optional<String> objection =
                            judge(record.id(), new Candidate(name, release.version(), release.content(), earlier));
                    if (objection.isPresent()) {
                        return Optional.of(new Refusal(release.content(), objection.get()));
                    }
                }
                earlier.add(new Released(release.version(), release.content()));
            } else if (entry instanceof PackageEntry.Yank yank) {
                earlier.removeIf(each -> each.version().equals(yank.version()));
            }
        }
        return Optional.empty();
    }

    private Optional<String> judge(RecordId record, Candidate candidate) {
        try {
            ReleaseRules.Judgement judgement = rules.judge(candidate, examinations.examined(candidate.content()));
            if (judgement.objection().isEmpty() && judgement.isFinal()) {
                keep(record, candidate.version(), judgement.verdict());
            }
            return judgement.objection();
        } catch (ContentNotFoundException collectedMeanwhile) {
            // It is asked for again, and looked at when it comes.
            return Optional.empty();
        }
    }

    private void keep(RecordId record, SemVer version, ReleaseVerdict verdict) {
        keeper.execute(() -> {
            try {
                facts.saveRelease(record, version.toString(), ApiJson.writeCompressed(verdict));
            } catch (StorageException e) {
                LOG.warn("verdict not kept, it is derived again on demand record.id={}", record, e);
            }
        });
    }

    /** The verdict on a release in the log: as it was kept when it was published, else as it is found out now. */
    ReleaseVerdict verdict(PackageName name, PackageReleases.Entry release) throws ContentNotFoundException {
        Optional<ReleaseVerdict> kept = kept(facts, release.record(), release.version());
        if (kept.isPresent()) {
            return kept.get();
        }
        Candidate candidate =
                new Candidate(name, release.version(), release.content(), releases.before(name.logId(), release));
        ReleaseVerdict found =
                rules.judge(candidate, examinations.examined(release.content())).verdict();
        keep(release.record(), release.version(), found);
        return found;
    }

    /** What is kept of a release; empty when nothing readable is. */
    static Optional<ReleaseVerdict> kept(FactStore facts, RecordId record, SemVer version) {
        try {
            Optional<byte[]> body = facts.ofRelease(record, version.toString());
            return body.isPresent()
                    ? Optional.of(ApiJson.readCompressed(body.get(), ReleaseVerdict.class))
                    : Optional.empty();
        } catch (IOException | StorageException unreadable) {
            LOG.warn("kept verdict cannot be read record.id={}: {}", record, unreadable.getMessage());
            return Optional.empty();
        }
    }

    /**
     * Whether a dependency is here, on the track of the version that is asked for and not yanked, or in another registry that
     * the operator names for its namespace.
     */
    private boolean isKnown(Dependency dependency) {
        PackageName name;
        try {
            name = PackageName.parse(dependency.name());
        } catch (MalformedNameException e) {
            return false;
        }
        if (namespaces.find(name.namespace()).orElse(null) instanceof NamespaceState.Imported) {
            return true;
        }
        Optional<SemanticVersion> wanted =
                Optional.ofNullable(dependency.version()).flatMap(SemanticVersion::tryParse);
        return releases.all(name.logId()).stream()
                .filter(release -> !release.isYankedIn(Long.MAX_VALUE))
                .anyMatch(release -> wanted.isEmpty()
                        || SemanticVersion.tryParse(release.version().toString())
                                .filter(version -> version.sameTrack(wanted.get()))
                                .isPresent());
    }

    /** Ends without what still waits to be kept. */
    @PreDestroy
    @Override
    public void close() {
        keeper.shutdownNow();
    }
}
