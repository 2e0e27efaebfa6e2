package dev.lair.registry.log;

import dev.lair.signing.KeyId;
import dev.lair.signing.PublicKey;
import java.util.List;

/** One statement in an operator record (warg protocol, section 1). Namespaces are checked by the log, not here. */
public sealed interface OperatorEntry {

    /** Starts the log; the signer's key gets every permission. The hash algorithm is always SHA-256. */
    record Init(PublicKey key) implements OperatorEntry {}

    /** Gives permissions to a key, which becomes known to the log. */
    record Grant(PublicKey key, List<OperatorPermission> permissions) implements OperatorEntry {
        public Grant {
            permissions = List.copyOf(permissions);
        }
    }

    /** Takes permissions from a key; the key stays known. */
    record Revoke(KeyId keyId, List<OperatorPermission> permissions) implements OperatorEntry {
        public Revoke {
            permissions = List.copyOf(permissions);
        }
    }

    /** Opens a namespace for packages of this registry. */
    record DefineNamespace(String namespace) implements OperatorEntry {}

    /** Says that a namespace lives on another registry, named by its domain. */
    record ImportNamespace(String namespace, String registry) implements OperatorEntry {}
}
