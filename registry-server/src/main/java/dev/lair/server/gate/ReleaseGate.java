package dev.lair.server.gate;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
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
import dev.lair.registry.log.PackageRecord;
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
     * by whoever asks.
     */
    private final ExecutorService keeper = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(GateLimits.WAITING_VERDICTS),
            Thread.ofPlatform().daemon().name("lair-verdict-keeper").factory(),
            new ThreadPoolExecutor.DiscardPolicy());

    /** Verdicts of records that are on their way. What is lost here is derived again by whoever asks. */
    private final Cache<RecordId, List<Verdict>> pending = Caffeine.newBuilder()
            .maximumWeight(GateLimits.PENDING_VERDICTS)
            .weigher((RecordId record, List<Verdict> verdicts) ->
                    verdicts.stream().mapToInt(Verdict::weight).sum())
            .build();

    private record Verdict(SemVer version, ReleaseVerdict verdict) {
        int weight() {
            return 1
                    + verdict.neighbours().stream()
                            .mapToInt(each -> 1 + each.differences().size())
                            .sum();
        }
    }

    /** A content of a record that may not be released so, and why. */
    public record Refusal(Digest content, String reason) {}

    /**
     * What is said of a record.
     *
     * @param refusal the first release that may not be
     * @param isFinal whether all its releases were looked at beside neighbours that were all here: then the same will be said
     *     of it behind the same record at any time
     */
    public record Judged(Optional<Refusal> refusal, boolean isFinal) {}

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
            public Examined comparable(Digest content, Asker asker) throws ContentNotFoundException {
                return examinations.comparable(content, asker);
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
    public Optional<String> objection(StoredContent content, Asker asker) throws ContentNotFoundException {
        return rules.contentObjection(examinations.examined(content, asker));
    }

    /** The same of content that was released before. */
    public Optional<String> objection(Digest content, Asker asker) throws ContentNotFoundException {
        return rules.contentObjection(examinations.examined(content, asker));
    }

    /**
     * Judges a record in its place: every release of it that is asked for, beside what stands before it. Nobody objects to
     * the bytes of any. The verdicts of a record that may be logged as it is now are remembered until {@link #committed}.
     *
     * @param before the log's state just before the record
     * @param isAsked which contents are looked at: those that are here, or that have just come
     * @throws GateBusyException when something could not be looked at now
     */
    public Judged judge(
            PackageName name, SignedPackageRecord record, PackageLog.State before, Predicate<Digest> isAsked) {
        return judge(
                name, record.id(), record.contents(), Asker.of(record.envelope().keyId()), before, isAsked);
    }

    /** The same of a record that is not signed yet. */
    public Judged judge(
            PackageName name,
            RecordId id,
            PackageRecord record,
            Asker asker,
            PackageLog.State before,
            Predicate<Digest> isAsked) {
        List<Digest> released = released(record);
        if (!released.isEmpty() && released.stream().noneMatch(isAsked)) {
            // A record that waits for all its contents, as nearly every one does when it is handed in.
            return new Judged(Optional.empty(), false);
        }
        Standing standing = standing(before);
        List<Verdict> verdicts = new ArrayList<>();
        for (PackageEntry entry : record.entries()) {
            if (entry instanceof PackageEntry.Release release) {
                if (isAsked.test(release.content())) {
                    Candidate candidate = new Candidate(name, release.version(), release.content(), standing, asker);
                    Optional<ReleaseRules.Judgement> judgement = judge(candidate);
                    Optional<String> objection = judgement.flatMap(ReleaseRules.Judgement::objection);
                    if (objection.isPresent()) {
                        return new Judged(Optional.of(new Refusal(release.content(), objection.get())), false);
                    }
                    judgement
                            .filter(ReleaseRules.Judgement::isFinal)
                            .ifPresent(found -> verdicts.add(new Verdict(release.version(), found.verdict())));
                }
                standing.add(release.version(), release.content());
            } else if (entry instanceof PackageEntry.Yank yank) {
                standing.withdraw(yank.version());
            }
        }
        boolean isFinal = verdicts.size() == released.size();
        if (isFinal && !verdicts.isEmpty()) {
            pending.put(id, List.copyOf(verdicts));
        }
        return new Judged(Optional.empty(), isFinal);
    }

    /** One for each release. */
    private static List<Digest> released(PackageRecord record) {
        return record.entries().stream()
                .filter(PackageEntry.Release.class::isInstance)
                .map(entry -> ((PackageEntry.Release) entry).content())
                .toList();
    }

    private static Standing standing(PackageLog.State before) {
        Standing standing = new Standing();
        for (Release release : before.releases()) {
            if (!release.yanked()) {
                standing.add(release.version(), release.content());
            }
        }
        return standing;
    }

    /** Empty when the content was collected meanwhile: it is asked for again, and looked at when it comes. */
    private Optional<ReleaseRules.Judgement> judge(Candidate candidate) {
        try {
            return Optional.of(rules.judge(candidate, examinations.examined(candidate.content(), candidate.asker())));
        } catch (ContentNotFoundException collectedMeanwhile) {
            return Optional.empty();
        }
    }

    /**
     * The record is durable in the ledger: what was found out about its releases is kept, behind the answer. Not before, so
     * that no verdict is kept of a record that never comes, or that came later and was judged otherwise. A crash before it
     * is kept leaves none, and whoever asks finds it out again.
     */
    public void committed(RecordId record) {
        List<Verdict> verdicts = pending.getIfPresent(record);
        if (verdicts != null) {
            pending.invalidate(record);
            verdicts.forEach(each -> keep(record, each.version(), each.verdict()));
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
        Candidate candidate = new Candidate(
                name, release.version(), release.content(), releases.before(name.logId(), release), Asker.READERS);
        ReleaseVerdict found = rules.judge(candidate, examinations.examined(release.content(), Asker.READERS))
                .verdict();
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
