package dev.lair.registry.log;

import dev.lair.registry.SemVer;
import dev.lair.registry.log.RecordRejected.FirstEntryIsNotInit;
import dev.lair.registry.log.RecordRejected.InitialEntryAfterBeginning;
import dev.lair.registry.log.RecordRejected.InitialRecordDoesNotInit;
import dev.lair.registry.log.RecordRejected.KeyIdNotRecognized;
import dev.lair.registry.log.RecordRejected.ReleaseOfReleased;
import dev.lair.registry.log.RecordRejected.YankOfUnreleased;
import dev.lair.registry.log.RecordRejected.YankOfYanked;
import dev.lair.signing.KeyId;
import dev.lair.signing.PublicKey;
import dev.lair.signing.RecordDomain;
import dev.lair.signing.Verifier;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/**
 * The chain of signed records of one package. {@link State#append} is the reference's state machine (warg protocol,
 * section 2): clients, replay and the server share it, so the registry's own stricter rules are not here but at its door.
 */
public final class PackageLog {

    private static final List<PackagePermission> ALL = List.of(PackagePermission.values());

    private PackageLog() {}

    /** What a package log amounts to after some records. Immutable; it grows by sharing, so that old states stay cheap. */
    public static final class State {

        /** Before the first record. */
        public static final State EMPTY = new State(null, false, KeyRing.empty(), HashTreePMap.empty());

        private final @Nullable LogHead head;
        private final boolean initialized;
        private final KeyRing<PackagePermission> keyRing;
        private final PMap<SemVer, Release> releases;

        private State(
                @Nullable LogHead head,
                boolean initialized,
                KeyRing<PackagePermission> keyRing,
                PMap<SemVer, Release> releases) {
            this.head = head;
            this.initialized = initialized;
            this.keyRing = keyRing;
            this.releases = releases;
        }

        /**
         * The state after {@code record}. All of it applies, or none.
         *
         * @throws RecordRejected when a rule refuses the record
         */
        public State append(SignedPackageRecord record, Verifier verifier) throws RecordRejected {
            PackageRecord contents = record.contents();
            // 1-3. Chain, version, time.
            LogHead.checkFollows(head, contents.prev(), contents.version(), contents.time());
            // 4. The entries, one by one.
            State next = this;
            for (PackageEntry entry : contents.entries()) {
                next = next.apply(entry, record);
            }
            // 5. By now an init must have set the algorithm.
            if (!next.initialized) {
                throw new RecordRejected(new InitialRecordDoesNotInit());
            }
            // 6-7. The signer is known after the entries, and the signature is its.
            next.keyRing.checkSignature(record.envelope(), RecordDomain.PACKAGE, verifier);
            return new State(new LogHead(record.id(), contents.time()), true, next.keyRing, next.releases);
        }

        private State apply(PackageEntry entry, SignedPackageRecord record) throws RecordRejected {
            KeyId signer = record.envelope().keyId();
            return switch (entry) {
                case PackageEntry.Init init -> init(init, signer);
                case PackageEntry.Grant grant -> {
                    requireInitialized();
                    yield with(keyRing.grant(signer, grant.key(), grant.permissions()), releases);
                }
                case PackageEntry.Revoke revoke -> {
                    requireInitialized();
                    yield with(keyRing.revoke(signer, revoke.keyId(), revoke.permissions()), releases);
                }
                case PackageEntry.Release release -> release(release, record);
                case PackageEntry.Yank yank -> yank(yank.version(), signer);
            };
        }

        private State init(PackageEntry.Init init, KeyId signer) throws RecordRejected {
            if (initialized) {
                throw new RecordRejected(new InitialEntryAfterBeginning());
            }
            if (!signer.equals(init.key().keyId())) {
                throw new RecordRejected(new KeyIdNotRecognized(signer, "package log"));
            }
            return new State(head, true, keyRing.init(signer, init.key(), ALL), releases);
        }

        /** The permission comes before the init check: a first entry "release" is unauthorized. */
        private State release(PackageEntry.Release release, SignedPackageRecord record) throws RecordRejected {
            KeyId signer = record.envelope().keyId();
            keyRing.require(signer, PackagePermission.RELEASE);
            requireInitialized();
            if (releases.containsKey(release.version())) {
                throw new RecordRejected(new ReleaseOfReleased(release.version()));
            }
            Release released = new Release(
                    releases.size(),
                    release.version(),
                    release.content(),
                    signer,
                    record.id(),
                    record.contents().time(),
                    false);
            return with(keyRing, releases.plus(release.version(), released));
        }

        private State yank(SemVer version, KeyId signer) throws RecordRejected {
            keyRing.require(signer, PackagePermission.YANK);
            requireInitialized();
            Release released = releases.get(version);
            if (released == null) {
                throw new RecordRejected(new YankOfUnreleased(version));
            }
            if (released.yanked()) {
                throw new RecordRejected(new YankOfYanked(version));
            }
            return with(keyRing, releases.plus(version, released.withYank()));
        }

        private void requireInitialized() throws RecordRejected {
            if (!initialized) {
                throw new RecordRejected(new FirstEntryIsNotInit());
            }
        }

        private State with(KeyRing<PackagePermission> newKeys, PMap<SemVer, Release> newReleases) {
            return new State(head, initialized, newKeys, newReleases);
        }

        /** The last record, or empty before the first. */
        public Optional<LogHead> head() {
            return Optional.ofNullable(head);
        }

        /** Every key that the log ever knew. */
        public Map<KeyId, PublicKey> keys() {
            return keyRing.all();
        }

        /** The key of this id, if the log knows it. */
        public Optional<PublicKey> key(KeyId id) {
            return Optional.ofNullable(keyRing.key(id));
        }

        /** What this key may do now; empty for a key that the log does not know. */
        public Set<PackagePermission> permissions(KeyId id) {
            return keyRing.of(id);
        }

        /** Every release, yanked ones too, in log order. */
        public List<Release> releases() {
            return releases.values().stream()
                    .sorted(Comparator.comparingInt(Release::ordinal))
                    .toList();
        }

        /** How many there are. */
        public int releaseCount() {
            return releases.size();
        }

        /** The release of this version, yanked or not. */
        public Optional<Release> release(SemVer version) {
            return Optional.ofNullable(releases.get(version));
        }

        /** The highest version that is neither yanked nor a pre-release. */
        public Optional<Release> latest() {
            return releases.values().stream()
                    .filter(release -> !release.yanked() && !release.version().isPreRelease())
                    .max(Comparator.comparing(Release::version));
        }
    }
}
