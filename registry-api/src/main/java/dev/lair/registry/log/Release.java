package dev.lair.registry.log;

import dev.lair.registry.SemVer;
import dev.lair.signing.KeyId;
import dev.lair.transparency.Digest;
import dev.lair.transparency.RecordId;
import java.time.Instant;

/**
 * A version bound to content.
 *
 * @param ordinal position among the log's releases, from 0, in log order
 * @param releasedBy the key that signed it
 * @param releasedIn the record that did it
 * @param releasedAt that record's time
 * @param yanked whether it was withdrawn from resolution; the content stays
 */
public record Release(
        int ordinal,
        SemVer version,
        Digest content,
        KeyId releasedBy,
        RecordId releasedIn,
        Instant releasedAt,
        boolean yanked) {

    Release withYank() {
        return new Release(ordinal, version, content, releasedBy, releasedIn, releasedAt, true);
    }
}
