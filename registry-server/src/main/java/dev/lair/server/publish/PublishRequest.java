package dev.lair.server.publish;

import dev.lair.registry.PackageName;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.transparency.Digest;
import java.util.Set;

/**
 * What every front door turns its request into: a package, and a record that is signed for it, by its author or by the key
 * that the registry holds for the package.
 *
 * @param held contents that whoever asks has just brought here, so that they are not asked for: to name content is not to
 *     have it
 * @param mayBegin whether whoever asks was found to be allowed to begin a package in a namespace that accounts own
 */
public record PublishRequest(PackageName packageName, SignedPackageRecord record, Set<Digest> held, boolean mayBegin) {

    public PublishRequest {
        held = Set.copyOf(held);
    }

    /** A record whose contents, unless they are released already, are still to be uploaded. */
    public PublishRequest(PackageName packageName, SignedPackageRecord record) {
        this(packageName, record, Set.of(), false);
    }
}
