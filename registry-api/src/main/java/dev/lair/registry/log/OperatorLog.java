package dev.lair.registry.log;

import dev.lair.registry.Namespace;
import dev.lair.registry.log.RecordRejected.FirstEntryIsNotInit;
import dev.lair.registry.log.RecordRejected.InitialEntryAfterBeginning;
import dev.lair.registry.log.RecordRejected.InitialRecordDoesNotInit;
import dev.lair.registry.log.RecordRejected.InvalidNamespace;
import dev.lair.registry.log.RecordRejected.NamespaceAlreadyDefined;
import dev.lair.signing.KeyId;
import dev.lair.signing.PublicKey;
import dev.lair.signing.RecordDomain;
import dev.lair.signing.Verifier;
import dev.lair.transparency.Digest;
import dev.lair.transparency.LogId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/**
 * The chain of signed records by which the operator names its keys and namespaces. {@link State#append} is the
 * reference's state machine (warg protocol, section 2).
 */
public final class OperatorLog {

    /** The id of the operator log; each registry has exactly one. */
    public static final LogId LOG_ID =
            LogId.ofBytes(Digest.of("WARG-OPERATOR-LOG-ID-V0".getBytes(StandardCharsets.US_ASCII))
                    .bytes());

    private static final List<OperatorPermission> ALL = List.of(OperatorPermission.values());

    private OperatorLog() {}

    /** What a namespace is to this registry. */
    public sealed interface NamespaceState {

        /** Packages of the namespace live here. */
        record Defined() implements NamespaceState {}

        /** Packages of the namespace live on another registry, named by its domain. */
        record Imported(String registry) implements NamespaceState {}
    }

    /** What the operator log amounts to after some records. Immutable. */
    public static final class State {

        /** Before the first record. */
        public static final State EMPTY = new State(null, false, KeyRing.empty(), HashTreePMap.empty());

        private final @Nullable LogHead head;
        private final boolean initialized;
        private final KeyRing<OperatorPermission> keyRing;
        private final PMap<String, NamespaceState> namespaces;

        private State(
                @Nullable LogHead head,
                boolean initialized,
                KeyRing<OperatorPermission> keyRing,
                PMap<String, NamespaceState> namespaces) {
            this.head = head;
            this.initialized = initialized;
            this.keyRing = keyRing;
            this.namespaces = namespaces;
        }

        /**
         * The state after {@code record}. All of it applies, or none.
         *
         * @throws RecordRejected when a rule refuses the record
         */
        public State append(SignedOperatorRecord record, Verifier verifier) throws RecordRejected {
            OperatorRecord contents = record.contents();
            // 1-3. Chain, version, time.
            LogHead.checkFollows(head, contents.prev(), contents.version(), contents.time());
            // 4. The entries, one by one.
            State next = this;
            for (OperatorEntry entry : contents.entries()) {
                next = next.apply(entry, record.envelope().keyId());
            }
            // 5. By now an init must have set the algorithm.
            if (!next.initialized) {
                throw new RecordRejected(new InitialRecordDoesNotInit());
            }
            // 6-7. The signer is known after the entries, and the signature is its.
            next.keyRing.checkSignature(record.envelope(), RecordDomain.OPERATOR, verifier);
            return new State(new LogHead(record.id(), contents.time()), true, next.keyRing, next.namespaces);
        }

        private State apply(OperatorEntry entry, KeyId signer) throws RecordRejected {
            return switch (entry) {
                case OperatorEntry.Init init -> {
                    if (initialized) {
                        throw new RecordRejected(new InitialEntryAfterBeginning());
                    }
                    // A key other than the signer's is caught by step 6, as the reference does here.
                    yield new State(head, true, keyRing.init(signer, init.key(), ALL), namespaces);
                }
                case OperatorEntry.Grant grant -> {
                    keyRing.require(signer, OperatorPermission.COMMIT);
                    requireInitialized();
                    yield with(keyRing.grant(signer, grant.key(), grant.permissions()), namespaces);
                }
                case OperatorEntry.Revoke revoke -> {
                    keyRing.require(signer, OperatorPermission.COMMIT);
                    requireInitialized();
                    yield with(keyRing.revoke(signer, revoke.keyId(), revoke.permissions()), namespaces);
                }
                case OperatorEntry.DefineNamespace define -> {
                    keyRing.require(signer, OperatorPermission.DEFINE_NAMESPACE);
                    yield withNamespace(define.namespace(), new NamespaceState.Defined());
                }
                case OperatorEntry.ImportNamespace imported -> {
                    keyRing.require(signer, OperatorPermission.IMPORT_NAMESPACE);
                    yield withNamespace(imported.namespace(), new NamespaceState.Imported(imported.registry()));
                }
            };
        }

        private State withNamespace(String namespace, NamespaceState state) throws RecordRejected {
            requireInitialized();
            if (!Namespace.isKebab(namespace)) {
                throw new RecordRejected(new InvalidNamespace(namespace));
            }
            if (namespaces.containsKey(namespace)) {
                throw new RecordRejected(new NamespaceAlreadyDefined(namespace));
            }
            return with(keyRing, namespaces.plus(namespace, state));
        }

        private void requireInitialized() throws RecordRejected {
            if (!initialized) {
                throw new RecordRejected(new FirstEntryIsNotInit());
            }
        }

        private State with(KeyRing<OperatorPermission> newKeys, PMap<String, NamespaceState> newNamespaces) {
            return new State(head, initialized, newKeys, newNamespaces);
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
        public Set<OperatorPermission> permissions(KeyId id) {
            return keyRing.of(id);
        }

        /** What the registry says of this namespace; empty when it never heard of it. */
        public Optional<NamespaceState> namespace(Namespace namespace) {
            return Optional.ofNullable(namespaces.get(namespace.value()));
        }

        /** Every namespace that was defined or imported. */
        public Map<String, NamespaceState> namespaces() {
            return namespaces;
        }
    }
}
