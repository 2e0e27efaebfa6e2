package dev.lair.server.publish;

import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.registry.api.Problem;
import dev.lair.server.access.Act;
import dev.lair.server.access.Rights;
import dev.lair.server.access.Target;
import dev.lair.server.account.Caller;
import dev.lair.server.account.RandomIds;
import dev.lair.server.account.Requester;
import dev.lair.server.problem.ProblemException;
import dev.lair.server.publish.Deliveries.Brought;
import dev.lair.server.publish.Publication.Rejected;
import dev.lair.server.quota.Quotas;
import dev.lair.storage.ContentStore;
import dev.lair.storage.Storage;
import dev.lair.storage.StoredContent;
import dev.lair.storage.registry.PublishRows.Asked;
import dev.lair.storage.registry.PublishRows.State;
import dev.lair.storage.registry.RegistryRows;
import dev.lair.storage.registry.RegistryStore;
import dev.lair.transparency.Digest;
import dev.lair.transparency.RecordId;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/**
 * Releases for people and jobs that the registry knows: who may, once only, and what is remembered of it. What is decided
 * about the release itself is {@link PublishService}'s; what follows behind it is {@link Settlement}'s.
 *
 * <p><b>Crashes.</b> A row knows what was asked before anything is signed, and the record before the ledger gets it. So what a
 * crash leaves can be told apart: no record in the ledger, and nothing happened; a record in the ledger, and it is settled
 * then.
 */
@Service
final class ReleaseDesk {

    private final PublishService publishing;
    private final Settlement settlement;
    private final Rights rights;
    private final Quotas quotas;
    private final ContentStore contents;
    private final RegistryStore store;
    private final RandomIds ids;
    private final Clock clock;

    ReleaseDesk(
            PublishService publishing,
            Settlement settlement,
            Rights rights,
            Quotas quotas,
            Storage storage,
            RegistryStore store,
            RandomIds ids,
            Clock clock) {
        this.publishing = publishing;
        this.settlement = settlement;
        this.rights = rights;
        this.quotas = quotas;
        this.contents = storage.contents();
        this.store = store;
        this.ids = ids;
        this.clock = clock;
    }

    /** A README, which is bound by its digest. */
    @SuppressWarnings("ArrayRecordComponent") // Written to the database, and to nothing else.
    record Readme(Digest digest, byte[] body) {}

    /**
     * Asked before a byte is read, and again in the transaction that begins the release.
     *
     * @param sent digest of what is to come; null when it is not known yet
     */
    void requireMayRelease(Requester requester, PackageName name, @Nullable Digest sent) {
        boolean begun = publishing.isBegun(name);
        store.read(rows -> {
            requireMayRelease(rows, requester, name, begun, sent);
            return name;
        });
    }

    private void requireMayRelease(
            RegistryRows rows, Requester requester, PackageName name, boolean begun, @Nullable Digest sent) {
        Act act = begun ? Act.PUBLISH_UPDATE : Act.PUBLISH_NEW;
        if (sent == null) {
            rights.requireSoFar(rows, requester.caller(), act, Target.of(name));
        } else {
            rights.require(rows, requester.caller(), act, Target.of(name, sent));
        }
        if (requester.caller() instanceof Caller.Person && rows.rules().isTrustedOnly(name.toString())) {
            throw new ProblemException(
                    Problem.Kind.FORBIDDEN,
                    "package `" + name
                            + "` is released by trusted publishers only, since one of them did or an owner said"
                            + " so; an owner can change that");
        }
    }

    /**
     * Releases what was brought. The same key with the same request gets the same answer; what was rejected is tried again.
     *
     * @throws ProblemException when the caller may not, or the registry does not take it
     */
    Asked release(
            Requester requester,
            PackageName name,
            SemVer version,
            Brought brought,
            @Nullable Readme readme,
            Optional<String> idempotencyKey) {
        String id = ids.next("rel");
        Asked asked = new Asked(
                id,
                requester.caller().actor(),
                idempotencyKey.orElse(id),
                requestDigest(name, version, brought, readme),
                name.toString(),
                version.toString(),
                brought.content().toString(),
                readme == null ? "" : readme.digest().toString(),
                Settlement.identity(requester.caller()),
                "",
                State.OPEN,
                "",
                clock.instant());
        // Content that is gone is told below; nothing is counted of it.
        long sizeBytes =
                contents.find(brought.content()).map(StoredContent::sizeBytes).orElse(0L);
        // Asked before: who knows it may wait for the ledger, and nobody waits for that inside a transaction.
        boolean begun = publishing.isBegun(name);
        Optional<Asked> earlier = store.write(rows -> {
            Optional<Asked> known = begin(rows, requester, name, begun, brought, readme, asked);
            if (known.isEmpty()) {
                quotas.release(rows, requester.caller(), new Quotas.Asked(name, !begun, brought.content(), sizeBytes));
            }
            return known;
        });
        if (earlier.isPresent()) {
            return earlier.get();
        }
        return sign(requester, new ReleaseRequest(name, version, brought.content()), asked);
    }

    private static String requestDigest(PackageName name, SemVer version, Brought brought, @Nullable Readme readme) {
        String request = name + "@" + version + "\n" + brought.sent() + "\n" + (readme == null ? "" : readme.digest());
        return Digest.of(request.getBytes(StandardCharsets.UTF_8)).toString();
    }

    /** Writes the row; empty when it is this request's, else the row that the key stands for. */
    private Optional<Asked> begin(
            RegistryRows rows,
            Requester requester,
            PackageName name,
            boolean begun,
            Brought brought,
            @Nullable Readme readme,
            Asked asked) {
        requireMayRelease(rows, requester, name, begun, brought.sent());
        requireBound(requester.caller(), readme);
        if (readme != null) {
            rows.attestations().keepReadme(readme.digest().toString(), readme.body(), asked.createdAt());
        }
        if (rows.publishes().add(asked)) {
            return Optional.empty();
        }
        Asked earlier =
                rows.publishes().byKey(asked.caller(), asked.idempotencyKey()).orElseThrow();
        if (!earlier.requestDigest().equals(asked.requestDigest())) {
            throw new ProblemException(
                    Problem.Kind.KEY_REUSED,
                    "the Idempotency-Key stands for the release of " + earlier.packageName() + "@" + earlier.version()
                            + " with other bytes");
        }
        if (rows.publishes().forgetRejected(earlier.id())) {
            rows.publishes().add(asked);
            return Optional.empty();
        }
        return Optional.of(earlier);
    }

    /** A token that is bound to contents releases no other README either. */
    private static void requireBound(Caller caller, @Nullable Readme readme) {
        if (readme != null
                && caller instanceof Caller.Trusted trusted
                && !trusted.contents().isEmpty()
                && !trusted.contents().contains(readme.digest())) {
            throw new ProblemException(
                    Problem.Kind.FORBIDDEN, "this token is for other contents: its job did not name this README");
        }
    }

    private Asked sign(Requester requester, ReleaseRequest request, Asked asked) {
        Publication outcome;
        try {
            outcome = publishing.release(request, record -> noteSigned(asked, record));
        } catch (PublishRefused | CustodyRefused e) {
            settlement.reject(asked, String.valueOf(e.getMessage()));
            throw problem(e);
        }
        // A LedgerException passes: the outcome may be unknown, and whoever looks after what is left over will tell.
        if (outcome instanceof Rejected rejected) {
            settlement.reject(asked, rejected.reason());
            throw new ProblemException(Problem.Kind.CONTENT_REFUSED, rejected.reason());
        }
        settlement.settle(asked, outcome.recordId(), requester.requestId());
        return store.read(rows -> rows.publishes().find(asked.id())).orElseThrow();
    }

    private void noteSigned(Asked asked, RecordId record) {
        boolean noted = store.write(rows -> rows.publishes().signed(asked.id(), record.toString()));
        if (!noted) {
            throw new IllegalStateException("release " + asked.id() + " was settled while it was being signed");
        }
    }

    private static ProblemException problem(Exception refused) {
        String words = String.valueOf(refused.getMessage());
        return switch (refused) {
            case CustodyRefused.VersionTaken taken -> new ProblemException(Problem.Kind.VERSION_EXISTS, words);
            case CustodyRefused.NotInCustody closed -> new ProblemException(Problem.Kind.NOT_IN_CUSTODY, words);
            case CustodyRefused.ContentGone gone -> new ProblemException(Problem.Kind.CONFLICT, words);
            case PublishRefused.NotAdmitted notAdmitted -> new ProblemException(Problem.Kind.INVALID, words);
            case PublishRefused.NamespaceNotDefined undefined ->
                new ProblemException(Problem.Kind.NO_SUCH_NAMESPACE, words);
            case PublishRefused.NamespaceImported elsewhere ->
                new ProblemException(Problem.Kind.NO_SUCH_NAMESPACE, words);
            default -> new ProblemException(Problem.Kind.FORBIDDEN, words);
        };
    }

    /** A release that this caller asked for. */
    Optional<Asked> find(Caller caller, String id) {
        return store.read(rows -> rows.publishes().find(id))
                .filter(asked -> asked.caller().equals(caller.actor()));
    }
}
