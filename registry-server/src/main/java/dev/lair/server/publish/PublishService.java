package dev.lair.server.publish;

import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.registry.log.OperatorLog.NamespaceState;
import dev.lair.registry.log.PackageEntry;
import dev.lair.registry.log.PackageLog;
import dev.lair.registry.log.PackagePermission;
import dev.lair.registry.log.PackageRecord;
import dev.lair.registry.log.RecordRejected;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.server.custody.PackageKeys;
import dev.lair.server.gate.Asker;
import dev.lair.server.gate.GateBusyException;
import dev.lair.server.gate.ReleaseGate;
import dev.lair.server.ledger.Appended;
import dev.lair.server.ledger.Ledger;
import dev.lair.server.ledger.LedgerException;
import dev.lair.server.namespace.Namespaces;
import dev.lair.server.namespace.OwnedNamespaces;
import dev.lair.server.publish.Publication.Processing;
import dev.lair.server.publish.Publication.Published;
import dev.lair.server.publish.Publication.Rejected;
import dev.lair.server.publish.Publication.Sourcing;
import dev.lair.server.publish.PublishRefused.NamespaceImported;
import dev.lair.server.publish.PublishRefused.NamespaceNotDefined;
import dev.lair.server.publish.PublishRefused.Unauthorized;
import dev.lair.server.quota.Quotas;
import dev.lair.server.settings.LairSettings;
import dev.lair.server.settings.LairSettings.PublishSettings;
import dev.lair.signing.KeyId;
import dev.lair.signing.PublicKey;
import dev.lair.signing.RecordDomain;
import dev.lair.signing.Signer;
import dev.lair.signing.Verifier;
import dev.lair.storage.ContentNotFoundException;
import dev.lair.storage.ContentStore;
import dev.lair.storage.ContentTooLargeException;
import dev.lair.storage.DigestMismatchException;
import dev.lair.storage.Storage;
import dev.lair.storage.StoredContent;
import dev.lair.transparency.Digest;
import dev.lair.transparency.LogId;
import dev.lair.transparency.RecordId;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;

/**
 * Publishes a record that its author signed, or that the registry signs for somebody whom it knows: authority, admission and gate, the log's own rules, the ledger, the answer
 * (architecture, "The life of a release"). The deciding is done by {@link Admission}, {@link ReleaseGate} and
 * {@code PackageLog.State.append}; what waits is kept by {@link Intake}.
 */
@Service
public final class PublishService {

    private static final Logger LOG = LoggerFactory.getLogger(PublishService.class);

    /** Looks at a record whose log moves on meanwhile: each needs another record that has just come, and no log has so many. */
    private static final int MAX_LOOKS = 5;

    /** Drafts of a record whose place others take: each time one of them is released, so fifty at once all come to an end. */
    private static final int MAX_TURNS = 100;

    private final Namespaces namespaces;
    private final OwnedNamespaces owners;
    private final Quotas quotas;
    private final AuthorizedKeys authorizedKeys;
    private final PackageKeys packageKeys;
    private final Admission admission;
    private final ReleaseGate gate;
    private final Intake intake;
    private final Ledger ledger;
    private final ContentStore contents;
    private final Verifier verifier;
    private final Clock clock;
    private final PublishSettings settings;

    PublishService(
            Namespaces namespaces,
            OwnedNamespaces owners,
            Quotas quotas,
            AuthorizedKeys authorizedKeys,
            PackageKeys packageKeys,
            Admission admission,
            ReleaseGate gate,
            Intake intake,
            Ledger ledger,
            Storage storage,
            Verifier verifier,
            Clock clock,
            LairSettings settings) {
        this.namespaces = namespaces;
        this.owners = owners;
        this.quotas = quotas;
        this.authorizedKeys = authorizedKeys;
        this.packageKeys = packageKeys;
        this.admission = admission;
        this.gate = gate;
        this.intake = intake;
        this.ledger = ledger;
        this.contents = storage.contents();
        this.verifier = verifier;
        this.clock = clock;
        this.settings = settings.publish();
        intake.onCommitted(gate::committed);
        intake.resume();
    }

    /**
     * Takes a record. The answer comes when the record is stored and waits for its content, when it is durable in the
     * ledger, or when it is rejected. It waits a moment for the checkpoint, so that most answers are final.
     *
     * @throws PublishRefused when the record was not taken at all
     * @throws LedgerException when the ledger takes no records now
     */
    public Publication publish(PublishRequest request) throws PublishRefused {
        for (int look = 0; look < MAX_LOOKS; look++) {
            Optional<Publication> outcome = attempt(request);
            if (outcome.isPresent()) {
                return outcome.get();
            }
        }
        throw new LedgerException.Busy();
    }

    /** Empty when its log moved on while the record was looked at: what was decided was about another state. */
    private Optional<Publication> attempt(PublishRequest request) throws PublishRefused {
        LogId log = request.packageName().logId();
        SignedPackageRecord record = request.record();

        // Authority: the namespace is ours, the key may publish here, and it made this signature.
        requireDefined(request.packageName());
        authorizedKeys.check(request.packageName(), record.envelope().keyId());
        PackageLog.State before = intake.stateBefore(log, record);
        if (before.head().isEmpty()) {
            requireMayBegin(request);
        }
        requireSignature(record, before);

        // The same record again gets the answer that it has; only a rejection is tried anew.
        Whereabouts whereabouts = intake.find(log, record.id());
        Optional<Publication> known = whereabouts.publication();
        if (known.isPresent() && !(known.get() instanceof Rejected)) {
            return known;
        }
        if (whereabouts.inOtherLog()) {
            throw new LedgerException.RecordInOtherLog();
        }

        // Admission, and the gate for content that is here.
        requireSoundLedger();
        admission.check(record, before);
        Asker asker = Asker.of(record.envelope().keyId());
        Look look = look(request.packageName(), record.id(), record.contents(), asker, before, request.held());
        if (look.refusal().isPresent()) {
            return Optional.of(reject(request, recordReason(look.refusal().get())));
        }
        if (before.head().isEmpty()) {
            quotas.begin(request.packageName());
        }
        return handOver(request, before, look);
    }

    /**
     * Releases content that is here, in a record that the registry signs with the package's key (mode A). Who may have that
     * was decided by the door. The rest is as with {@link #publish}, in the same order: nothing is signed before the gate has
     * said all that it will say.
     *
     * @param signed is told the record's id before the ledger gets it: whoever needs both afterwards remembers it there
     * @throws PublishRefused as there
     * @throws CustodyRefused when nothing was signed
     * @throws LedgerException when the ledger takes no records now
     */
    public Publication release(ReleaseRequest request, Consumer<RecordId> signed)
            throws PublishRefused, CustodyRefused {
        Set<Digest> held = Set.of(request.content());
        return sign(request.packageName(), held, signed, (records, before) -> records.release(before, request));
    }

    /** Whether the log of a package has begun. */
    public boolean isBegun(PackageName name) {
        return intake.tip(name.logId()).head().isPresent();
    }

    /** What a key may do in the log of a package. */
    public Set<PackagePermission> permissions(PackageName name, KeyId key) {
        return intake.tip(name.logId()).permissions(key);
    }

    /** Withdraws a version in the same way. */
    public Publication yank(PackageName name, SemVer version) throws PublishRefused, CustodyRefused {
        PackageEntry.Yank yank = new PackageEntry.Yank(version);
        return sign(name, Set.of(), id -> {}, (records, before) -> records.yank(before, yank));
    }

    /** Hands a package over to its owner's own key; the registry's key may release from then on, and nothing else. */
    public Publication takeover(PackageName name, PublicKey owner) throws PublishRefused, CustodyRefused {
        return sign(name, Set.of(), id -> {}, (records, before) -> records.takeover(before, owner));
    }

    /** What a record is to say in this state of its log. */
    private interface Draft {
        PackageRecord in(CustodyRecords records, PackageLog.State before) throws CustodyRefused;
    }

    private Publication sign(PackageName name, Set<Digest> held, Consumer<RecordId> signed, Draft draft)
            throws PublishRefused, CustodyRefused {
        requireDefined(name);
        Signer key = packageKeys.of(name);
        for (int turn = 0; turn < MAX_TURNS; turn++) {
            try {
                Optional<Publication> outcome = attempt(name, key, held, signed, draft);
                if (outcome.isPresent()) {
                    return outcome.get();
                }
            } catch (LedgerException.HeadMoved e) {
                // Another node's record took this place: the next draft follows it.
                LOG.debug("another node extended the log of {}", name);
            }
        }
        throw new LedgerException.Busy();
    }

    private Optional<Publication> attempt(
            PackageName name, Signer key, Set<Digest> held, Consumer<RecordId> signed, Draft draft)
            throws PublishRefused, CustodyRefused {
        PackageLog.State before = intake.tip(name.logId());
        PackageRecord contents =
                draft.in(new CustodyRecords(key.publicKey(), clock.instant().truncatedTo(ChronoUnit.MICROS)), before);
        RecordId id = SignedPackageRecord.idOf(contents);
        requireSoundLedger();
        admission.check(contents, before);
        Look look = look(name, id, contents, Asker.of(key.keyId()), before, held);
        if (look.refusal().isPresent()) {
            return Optional.of(new Rejected(id, recordReason(look.refusal().get())));
        }
        if (!look.missing().isEmpty()) {
            throw new CustodyRefused.ContentGone(look.missing().iterator().next());
        }
        SignedPackageRecord record = SignedPackageRecord.sign(contents, key);
        signed.accept(id);
        return handOver(new PublishRequest(name, record, held, true), before, look);
    }

    /** Behind a write whose outcome is unknown nothing is decided: the log's head may be another than we think. */
    private void requireSoundLedger() {
        ledger.failure().ifPresent(stopped -> {
            throw stopped;
        });
    }

    /** What the gate says of a record: contents that are not here, what it objects to, and whether that was all. */
    private record Look(Set<Digest> missing, Optional<ReleaseGate.Refusal> refusal, boolean isFinal) {}

    private Look look(
            PackageName name,
            RecordId id,
            PackageRecord record,
            Asker asker,
            PackageLog.State before,
            Set<Digest> held) {
        Set<Digest> missing = new LinkedHashSet<>();
        for (Digest content : Intake.releases(record)) {
            if (ledger.releasedAt(content).isEmpty() && !held.contains(content)) {
                // To name content is not to have it: nobody may make public what somebody else only uploaded.
                missing.add(content);
                continue;
            }
            Optional<String> objection = examine(content, missing, asker);
            if (objection.isPresent()) {
                return new Look(missing, Optional.of(new ReleaseGate.Refusal(content, objection.get())), true);
            }
        }
        ReleaseGate.Judged judged = gate.judge(name, id, record, asker, before, content -> !missing.contains(content));
        return new Look(missing, judged.refusal(), judged.isFinal());
    }

    /** The log's own rules; then the ledger, or the wait for the upload. */
    private Optional<Publication> handOver(PublishRequest request, PackageLog.State before, Look look) {
        LogId log = request.packageName().logId();
        RecordId id = request.record().id();
        Progress progress;
        try {
            progress = intake.take(request, look.missing(), before, look.isFinal());
        } catch (RecordRejected e) {
            if (!isTaken(log, id)) {
                return Optional.of(reject(request, String.valueOf(e.getMessage())));
            }
            // Somebody handed in the same record since we looked: the log refuses what it has already.
            progress = whatMovedOn(log, id);
        }
        if (progress instanceof Progress.Moved) {
            return Optional.empty();
        }
        return Optional.of(answer(log, id, judgeNext(log) ? whatMovedOn(log, id) : progress));
    }

    private Progress whatMovedOn(LogId log, RecordId id) {
        return intake.inFlight(log, id).<Progress>map(Progress.OnItsWay::new).orElseGet(Progress.Overtaken::new);
    }

    private boolean isTaken(LogId log, RecordId id) {
        return status(log, id).filter(state -> !(state instanceof Rejected)).isPresent();
    }

    /** Where a record of this log stands; empty when nobody handed it in, or its rejection is forgotten. */
    public Optional<Publication> status(LogId log, RecordId id) {
        return intake.find(log, id).publication();
    }

    /**
     * Takes content that a record waits for. When this returns, the record waits for it no longer.
     *
     * @throws UploadRefused when no record waits for it, it is not what the URL names, or it may not be released
     * @throws IOException when the client's bytes broke off; the record still waits
     */
    public Publication upload(LogId log, RecordId id, Digest content, InputStream bytes)
            throws UploadRefused, IOException {
        requireWaitsFor(log, id, content);
        StoredContent stored;
        try {
            stored = contents.put(content, bytes, settings.maxContent().toBytes());
        } catch (DigestMismatchException e) {
            throw new UploadRefused.WrongContent(String.valueOf(e.getMessage()));
        } catch (ContentTooLargeException e) {
            throw new UploadRefused.TooLarge("content `" + content + "` is larger than the "
                    + settings.maxContent().toBytes() + " bytes that this registry takes");
        }
        // Not touched: the put has just set the touch time, durably, which is all that a touch would do.
        Optional<Intake.Placed> placed = intake.placed(log, id);
        if (placed.isEmpty()) {
            return answer(log, id, new Progress.Overtaken());
        }
        quotas.uploaded(placed.get().request().packageName(), content, stored.sizeBytes());
        boolean isJudged = judgeUploaded(placed.get(), stored);
        Progress progress = intake.arrived(log, id, content, isJudged);
        if (!judgeNext(log)) {
            return answer(log, id, progress);
        }
        Publication outcome = answer(log, id, whatMovedOn(log, id));
        if (outcome instanceof Rejected rejected) {
            throw new UploadRefused.BadContent(rejected.reason());
        }
        return outcome;
    }

    /**
     * Looks at what has come for a record, as far as it can be seen: its last content has the whole record judged, so that a
     * record of N releases is judged in two times N steps. Whether the verdict is final.
     */
    private boolean judgeUploaded(Intake.Placed placed, StoredContent stored) throws UploadRefused {
        SignedPackageRecord record = placed.request().record();
        LogId log = placed.request().packageName().logId();
        Digest content = stored.digest();
        Optional<String> objection;
        boolean isFinal = false;
        try {
            objection = gate.objection(stored, Asker.of(record.envelope().keyId()));
        } catch (ContentNotFoundException collectedMeanwhile) {
            throw new UploadRefused.WrongContent("content `" + content + "` was collected meanwhile; upload it again");
        }
        if (objection.isEmpty()) {
            boolean isLast = Set.of(content).containsAll(placed.missing());
            ReleaseGate.Judged judged = gate.judge(
                    placed.request().packageName(), record, placed.before(), each -> isLast || each.equals(content));
            objection = judged.refusal().map(ReleaseGate.Refusal::reason);
            isFinal = judged.isFinal();
        }
        if (objection.isPresent()) {
            intake.rejectSourcing(log, record.id(), recordReason(content, objection.get()));
            throw new UploadRefused.BadContent(objection.get());
        }
        return isFinal;
    }

    /**
     * Has the gate's last word on each record of a log whose turn has come before it was said: a record that it is compared
     * with came later, or a start forgot what was said. Nothing goes to the ledger without it, whoever was faster. When the
     * gate is busy the record waits, and {@link #judgeLeftOver} comes back to it. False when there was none.
     */
    private boolean judgeNext(LogId log) {
        boolean isAny = false;
        for (Optional<Intake.Placed> next = intake.unjudged(log); next.isPresent(); next = intake.unjudged(log)) {
            isAny = true;
            boolean isSaid = false;
            try {
                sayLast(next.get());
                isSaid = true;
            } catch (GateBusyException later) {
                LOG.info("a record waits to be judged log.id={}: {}", log, later.getMessage());
                return true;
            } finally {
                if (!isSaid) {
                    intake.judgeLater(log);
                }
            }
        }
        return isAny;
    }

    private void sayLast(Intake.Placed placed) {
        PublishRequest request = placed.request();
        Optional<ReleaseGate.Refusal> refusal = gate.judge(
                        request.packageName(), request.record(), placed.before(), content -> true)
                .refusal();
        if (refusal.isPresent()) {
            intake.reject(request, recordReason(refusal.get()));
        } else {
            // If it is not final now, content of the log itself is lost: no later version must wait for that.
            intake.judged(request);
        }
    }

    /** What a start or a busy gate left unsaid. Costs nothing when there is none. */
    void judgeLeftOver() {
        intake.unjudged().forEach(this::judgeNext);
    }

    private static String recordReason(ReleaseGate.Refusal refusal) {
        return recordReason(refusal.content(), refusal.reason());
    }

    /** How a record's rejection names the content that caused it. */
    static String recordReason(Digest digest, String objection) {
        return "content with digest `" + digest + "` was rejected by policy: " + objection;
    }

    private void requireDefined(PackageName name) throws PublishRefused {
        Optional<NamespaceState> state = namespaces.find(name.namespace());
        if (state.isEmpty()) {
            throw new NamespaceNotDefined(name.namespace());
        }
        if (state.get() instanceof NamespaceState.Imported) {
            throw new NamespaceImported(name.namespace());
        }
        if (owners.isFrozen(name.namespace())) {
            throw new Unauthorized("namespace `" + name.namespace()
                    + "` is frozen: nothing is added to its logs until an owner or an administrator lets it go on");
        }
    }

    /** A name in a namespace that accounts own is theirs to give: no key is known there before the first record. */
    private void requireMayBegin(PublishRequest request) throws Unauthorized {
        PackageName name = request.packageName();
        if (!request.mayBegin()
                && !authorizedKeys.isNamed(name, request.record().envelope().keyId())
                && owners.isOwned(name.namespace())) {
            throw new Unauthorized(
                    "namespace `" + name.namespace() + "` has owners: a package is begun there with a token"
                            + " of somebody who may, sent with the request as `Authorization: Bearer`",
                    true);
        }
    }

    private void requireSignature(SignedPackageRecord record, PackageLog.State before) throws Unauthorized {
        PublicKey key = LogOrder.signerKey(record, before);
        if (key == null) {
            throw new Unauthorized("unknown key id `" + record.envelope().keyId() + "`");
        }
        if (!record.envelope().verify(RecordDomain.PACKAGE, key, verifier)) {
            throw new Unauthorized("record signature verification failed");
        }
    }

    private void requireWaitsFor(LogId log, RecordId id, Digest content) throws UploadRefused {
        Publication state = status(log, id).orElseThrow(() -> new UploadRefused.UnknownRecord(id));
        if (!(state instanceof Sourcing sourcing) || !sourcing.missing().contains(content)) {
            throw new UploadRefused.NotSourcing();
        }
    }

    /** The gate's objection to released content that is here; content that is not is added to {@code missing}. */
    private Optional<String> examine(Digest content, Set<Digest> missing, Asker asker) {
        try {
            // Not touched, which costs a sync: what is released is never collected.
            if (contents.find(content).isPresent()) {
                return gate.objection(content, asker);
            }
            missing.add(content);
        } catch (ContentNotFoundException collectedMeanwhile) {
            missing.add(content);
        }
        return Optional.empty();
    }

    private Publication reject(PublishRequest request, String reason) {
        intake.reject(request, reason);
        return new Rejected(request.record().id(), reason);
    }

    /**
     * Durability is always waited for, the checkpoint only as long as configured. What was promised to this record is told
     * from the promise, so that no answer costs a read.
     */
    private Publication answer(LogId log, RecordId id, Progress progress) {
        return switch (progress) {
            case Progress.Waits waits -> Publication.waiting(id, waits.missing());
            case Progress.OnItsWay onItsWay -> {
                long leafIndex = awaitDurable(onItsWay.promise());
                yield isCovered(onItsWay.promise()) ? new Published(id, leafIndex) : new Processing(id);
            }
            case Progress.Moved moved -> throw new IllegalStateException("record " + id + " was not taken");
            case Progress.Overtaken overtaken ->
                status(log, id)
                        .orElseThrow(() -> ledger.failure()
                                .<RuntimeException>map(stopped -> stopped)
                                .orElseGet(
                                        () -> new IllegalStateException("record " + id + " was taken and is nowhere")));
        };
    }

    private static long awaitDurable(Appended appended) {
        try {
            return appended.leafIndex().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof LedgerException refused) {
                throw refused;
            }
            throw e;
        }
    }

    /** False when no checkpoint covers the record in time; it is durable, and the status URL tells when one does. */
    private boolean isCovered(Appended appended) {
        try {
            appended.covered().get(settings.answerWithin().toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException | ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
