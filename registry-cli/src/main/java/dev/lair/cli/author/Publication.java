package dev.lair.cli.author;

import dev.lair.cli.client.RegistryClient;
import dev.lair.cli.client.RegistryRefused;
import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import dev.lair.cli.report.Reporter;
import dev.lair.cli.time.Deadline;
import dev.lair.cli.time.Pace;
import dev.lair.cli.trust.TrustSession;
import dev.lair.cli.trust.VerifiedLog;
import dev.lair.cli.trust.VerifiedView;
import dev.lair.registry.PackageName;
import dev.lair.registry.log.LogHead;
import dev.lair.registry.log.PackageEntry;
import dev.lair.registry.log.PackageLog;
import dev.lair.registry.log.PackageRecord;
import dev.lair.registry.log.RecordRejected;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.registry.warg.WargBodies.MissingContent;
import dev.lair.registry.warg.WargBodies.PublishRequest;
import dev.lair.registry.warg.WargBodies.RecordBody;
import dev.lair.registry.warg.WargBodies.RecordStatus;
import dev.lair.registry.warg.WargBodies.RecordStatus.State;
import dev.lair.signing.EcdsaP256;
import dev.lair.signing.Signer;
import dev.lair.transparency.LogId;
import dev.lair.transparency.RecordId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The way of one statement into a package log: verify what is there, sign a record on top of it, submit, send content
 * when asked, wait, and verify that the registry did what it says.
 */
public final class Publication {

    private final RegistryClient client;
    private final TrustSession trust;
    private final Signer signer;
    private final Clock clock;
    private final Pace pace;
    private final Duration timeout;
    private final Reporter reporter;

    public Publication(
            RegistryClient client,
            TrustSession trust,
            Signer signer,
            Clock clock,
            Pace pace,
            Duration timeout,
            Reporter reporter) {
        this.client = client;
        this.trust = trust;
        this.signer = signer;
        this.clock = clock;
        this.pace = pace;
        this.timeout = timeout;
        this.reporter = reporter;
    }

    /** A record that is in the log, verified. {@code initialized}: it is the package's first. */
    public record Published(VerifiedView view, VerifiedLog.Logged logged, boolean initialized) {}

    /**
     * Publishes one entry.
     *
     * @param content what to send when the registry asks for content; null when the entry needs none
     */
    public Published publish(PackageName name, PackageEntry entry, @Nullable ContentFile content) throws Fault {
        try {
            return attempt(name, entry, content);
        } catch (RegistryRefused refused) {
            // Somebody else's record is on its way (409): wait for it, and build on top of it. Once.
            RecordId pending = refused.pendingRecord().orElseThrow(refused::fault);
            reporter.warn("record " + pending + " of `" + name + "` is on its way; waiting for it, then trying again");
            try {
                awaitFinal(name.logId(), pending, Set.of(State.SOURCING, State.PROCESSING));
                return attempt(name, entry, content);
            } catch (RegistryRefused again) {
                throw again.fault();
            }
        }
    }

    private Published attempt(PackageName name, PackageEntry entry, @Nullable ContentFile content)
            throws Fault, RegistryRefused {
        Optional<VerifiedLog> log = trust.verify(Set.of(name)).find(name);
        SignedPackageRecord record = sign(name, log, entry);
        RecordStatus status = client.publish(
                name.logId(), new PublishRequest(name.toString(), RecordBody.of(record.envelope()), null));
        if (!status.recordId().equals(record.id())) {
            throw ExitCode.UNVERIFIED.fault("the registry answers about record " + status.recordId() + ", but "
                    + record.id() + " was submitted");
        }
        if (status.state() == State.SOURCING) {
            upload(name.logId(), status, content);
            status = client.record(name.logId(), record.id());
        }
        if (status.state() == State.PROCESSING) {
            status = awaitFinal(name.logId(), record.id(), Set.of(State.PROCESSING));
        }
        return switch (status.state()) {
            case PUBLISHED -> confirm(name, record, status, log.isEmpty());
            case REJECTED ->
                throw ExitCode.REFUSED.fault("the registry rejected record " + record.id() + ": "
                        + (status.reason() == null ? "no reason given" : status.reason()));
            case SOURCING, PROCESSING ->
                throw ExitCode.REFUSED.fault("the registry still asks for the content of record " + record.id()
                        + " after it took it; run the same command again");
        };
    }

    /**
     * A record on top of the verified head. The registry will put it through the same state machine, so what that refuses
     * is refused here, before anything is sent.
     */
    private SignedPackageRecord sign(PackageName name, Optional<VerifiedLog> log, PackageEntry entry) throws Fault {
        PackageLog.State before = log.map(VerifiedLog::state).orElse(PackageLog.State.EMPTY);
        List<PackageEntry> entries = new ArrayList<>();
        if (log.isEmpty()) {
            entries.add(new PackageEntry.Init(signer.publicKey()));
        }
        entries.add(entry);
        Optional<LogHead> head = before.head();
        Instant now = clock.instant();
        // A log's time does not run backwards, whatever this machine's clock says.
        Instant time = head.map(LogHead::time).filter(now::isBefore).orElse(now);
        SignedPackageRecord record = SignedPackageRecord.sign(
                new PackageRecord(head.map(LogHead::recordId).orElse(null), 0, time, entries), signer);
        try {
            before.append(record, EcdsaP256.INSTANCE);
        } catch (RecordRejected e) {
            throw refused(name, e);
        }
        return record;
    }

    private Fault refused(PackageName name, RecordRejected rejected) {
        return switch (rejected.reason()) {
            case RecordRejected.ReleaseOfReleased released ->
                ExitCode.REFUSED.fault("`" + name + "` " + released.version()
                        + " is released already, and a release never changes; choose a new version");
            case RecordRejected.YankOfYanked yanked ->
                ExitCode.REFUSED.fault("`" + name + "` " + yanked.version() + " is yanked already");
            case RecordRejected.YankOfUnreleased unreleased ->
                ExitCode.NOT_FOUND.fault("`" + name + "` has no release " + unreleased.version()
                        + "; see its releases with: lair log " + name);
            case RecordRejected.UnauthorizedAction unauthorized ->
                ExitCode.LOCAL.fault("key " + unauthorized.keyId() + " may not "
                        + unauthorized.needed().label() + " for `" + name
                        + "`; use a key that its log allows (--key), or let an owner grant it");
            default ->
                ExitCode.LOCAL.fault("no record can be made for `" + name + "`: " + rejected.getMessage(), rejected);
        };
    }

    private void upload(LogId log, RecordStatus status, @Nullable ContentFile content) throws Fault, RegistryRefused {
        MissingContent missing = content == null || status.missingContent() == null
                ? null
                : status.missingContent().get(content.digest());
        if (content == null || missing == null || missing.upload().isEmpty()) {
            throw ExitCode.REFUSED.fault("the registry waits for content of record " + status.recordId()
                    + " that the record does not name, or does not say where to send it");
        }
        try {
            client.upload(missing.upload().getFirst(), content.path(), content.sizeBytes(), reporter);
        } catch (RegistryRefused refused) {
            // Content that is refused makes the record rejected, and its reason says more.
            RecordStatus after = client.record(log, status.recordId());
            if (after.state() != State.REJECTED) {
                throw refused.fault();
            }
        }
    }

    /** Asks until the record has another state than one to wait for. */
    private RecordStatus awaitFinal(LogId log, RecordId record, Set<State> waiting) throws Fault, RegistryRefused {
        Deadline deadline = new Deadline(pace, timeout);
        RecordStatus status = client.record(log, record);
        while (waiting.contains(status.state())) {
            if (!deadline.another()) {
                throw ExitCode.UNREACHABLE.fault("record " + record + " is still being processed after "
                        + timeout.toSeconds() + " s; it may yet be published: look with `lair log`, or wait longer"
                        + " with --timeout");
            }
            status = client.record(log, record);
        }
        return status;
    }

    /** The registry says it is published: the log says so too, or it is not. */
    private Published confirm(PackageName name, SignedPackageRecord record, RecordStatus status, boolean initialized)
            throws Fault {
        Long index = status.registryIndex();
        if (index == null) {
            throw ExitCode.UNVERIFIED.fault(
                    "the registry says that record " + record.id() + " is published but not at which leaf");
        }
        VerifiedView view = trust.verify(Set.of(name));
        Deadline deadline = new Deadline(pace, timeout);
        // A cached checkpoint may lag for a moment.
        while (view.size() <= index && deadline.another()) {
            view = trust.verify(Set.of(name));
        }
        VerifiedLog.Logged logged = view.find(name)
                .flatMap(log -> log.record(record.id()))
                .filter(found -> found.leafIndex() == index)
                .orElse(null);
        if (logged == null) {
            throw ExitCode.UNVERIFIED.fault("the registry says that record " + record.id() + " is published at leaf "
                    + index + ", but its log of " + view.size() + " records does not have it there");
        }
        return new Published(view, logged, initialized);
    }
}
