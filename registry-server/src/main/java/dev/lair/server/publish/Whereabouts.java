package dev.lair.server.publish;

import java.util.Optional;

/**
 * What one look tells of a record.
 *
 * @param publication where it stands in the log that was asked for; empty when it is not there
 * @param inOtherLog whether another log has it, or is about to
 */
record Whereabouts(Optional<Publication> publication, boolean inOtherLog) {

    static Whereabouts here(Publication publication) {
        return new Whereabouts(Optional.of(publication), false);
    }
}
