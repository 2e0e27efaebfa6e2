package dev.lair.registry.log;

import dev.lair.registry.log.RecordRejected.KeyIdNotRecognized;
import dev.lair.registry.log.RecordRejected.PermissionNotFoundToRevoke;
import dev.lair.registry.log.RecordRejected.SignatureError;
import dev.lair.registry.log.RecordRejected.UnauthorizedAction;
import dev.lair.signing.KeyId;
import dev.lair.signing.PublicKey;
import dev.lair.signing.RecordDomain;
import dev.lair.signing.SignedRecord;
import dev.lair.signing.Verifier;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.HashTreePSet;
import org.pcollections.PMap;
import org.pcollections.PSet;

/**
 * The keys that a log knows and what each may do; the half of the state machine that package log and operator log share.
 * Immutable. A key is never removed: it can lose every permission and its old records still verify.
 */
record KeyRing<P extends Permission>(PMap<KeyId, PublicKey> keys, PMap<KeyId, PSet<P>> permissions) {

    static <P extends Permission> KeyRing<P> empty() {
        return new KeyRing<>(HashTreePMap.empty(), HashTreePMap.empty());
    }

    /** The signer named by the envelope gets everything; the key in the entry becomes known. */
    KeyRing<P> init(KeyId signer, PublicKey key, Collection<P> all) {
        return new KeyRing<>(keys.plus(key.keyId(), key), permissions.plus(signer, HashTreePSet.from(all)));
    }

    void require(KeyId signer, P needed) throws RecordRejected {
        if (!of(signer).contains(needed)) {
            throw new RecordRejected(new UnauthorizedAction(signer, needed));
        }
    }

    /** Who grants must hold each permission; no permission needs none. */
    KeyRing<P> grant(KeyId signer, PublicKey key, Collection<P> granted) throws RecordRejected {
        for (P permission : granted) {
            require(signer, permission);
        }
        KeyId id = key.keyId();
        return new KeyRing<>(keys.plus(id, key), permissions.plus(id, held(id).plusAll(granted)));
    }

    /** Who revokes must hold each permission before any is taken, and the other key must have it. */
    KeyRing<P> revoke(KeyId signer, KeyId from, Collection<P> revoked) throws RecordRejected {
        for (P permission : revoked) {
            require(signer, permission);
        }
        PSet<P> left = held(from);
        for (P permission : revoked) {
            if (!left.contains(permission)) {
                throw new RecordRejected(new PermissionNotFoundToRevoke(from, permission));
            }
            left = left.minus(permission);
        }
        return permissions.containsKey(from) ? new KeyRing<>(keys, permissions.plus(from, left)) : this;
    }

    /** Steps 6 and 7 of the state machine: the signer's key is known after the entries, and its signature holds. */
    void checkSignature(SignedRecord envelope, RecordDomain domain, Verifier verifier) throws RecordRejected {
        boolean operator = domain == RecordDomain.OPERATOR;
        PublicKey key = keys.get(envelope.keyId());
        if (key == null) {
            throw new RecordRejected(
                    new KeyIdNotRecognized(envelope.keyId(), operator ? "operator log" : "package log"));
        }
        if (!envelope.verify(domain, key, verifier)) {
            throw new RecordRejected(new SignatureError(operator));
        }
    }

    @Nullable
    PublicKey key(KeyId id) {
        return keys.get(id);
    }

    Set<P> of(KeyId id) {
        return held(id);
    }

    Map<KeyId, PublicKey> all() {
        return keys;
    }

    private PSet<P> held(KeyId id) {
        PSet<P> held = permissions.get(id);
        return held == null ? HashTreePSet.empty() : held;
    }
}
