package dev.lair.registry.log;

import dev.lair.registry.SemVer;
import dev.lair.signing.KeyId;
import dev.lair.signing.PublicKey;
import dev.lair.transparency.Digest;
import java.util.List;

/** One statement in a package record (warg protocol, section 1). */
public sealed interface PackageEntry {

    /** Starts the log; the signer's key gets every permission. The hash algorithm is always SHA-256. */
    record Init(PublicKey key) implements PackageEntry {}

    /** Gives permissions to a key, which becomes known to the log. */
    record Grant(PublicKey key, List<PackagePermission> permissions) implements PackageEntry {
        public Grant {
            permissions = List.copyOf(permissions);
        }
    }

    /** Takes permissions from a key; the key stays known. */
    record Revoke(KeyId keyId, List<PackagePermission> permissions) implements PackageEntry {
        public Revoke {
            permissions = List.copyOf(permissions);
        }
    }

    /** Binds a version to content, for ever. */
    record Release(SemVer version, Digest content) implements PackageEntry {}

    /** Withdraws a version from resolution; its content stays. */
    record Yank(SemVer version) implements PackageEntry {}
}
