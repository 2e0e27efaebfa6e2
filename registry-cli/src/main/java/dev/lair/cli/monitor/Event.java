package dev.lair.cli.monitor;

import dev.lair.signing.KeyId;
import dev.lair.transparency.RecordId;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Something that an owner should know, out of a record that is proven to be in the log and to be valid there.
 *
 * @param kind {@code started}, {@code release}, {@code yank}, {@code grant}, {@code revoke}; of the operator log {@code
 *     operator-started}, {@code operator-grant}, {@code operator-revoke}, {@code namespace}, {@code namespace-import}
 * @param owners whom it concerns, as they were asked for, at least one
 * @param log the package, the log id when the registry does not tell its name, or {@code operator log}
 * @param leafIndex where the record stands
 * @param time as the record states it
 * @param signer who signed the record
 * @param text what happened, in words
 * @param details the values in the text, for programs
 */
public record Event(
        String kind,
        List<Owner> owners,
        String log,
        long leafIndex,
        Instant time,
        RecordId record,
        KeyId signer,
        String text,
        Map<String, String> details) {

    public Event {
        owners = List.copyOf(owners);
        details = Map.copyOf(details);
    }
}
