package dev.lair.registry.api;

/**
 * Answer of {@link ApiPaths#VERSION}: all that is known of a release.
 *
 * @param name {@code ns:name}
 * @param digest {@code sha256:…} of the content
 * @param yanked whether it was withdrawn from resolution; it can still be fetched
 * @param released where it stands in the log
 * @param verdict beside its neighbours, when it was published
 * @param content what follows from its bytes
 */
public record VersionDocument(
        String name,
        String version,
        String digest,
        boolean yanked,
        Released released,
        ReleaseVerdict verdict,
        ContentFacts content) {

    /**
     * The record that released it.
     *
     * @param time that its author says, RFC 3339
     * @param keyId that signed it
     */
    public record Released(String recordId, long leafIndex, String time, String keyId) {}
}
