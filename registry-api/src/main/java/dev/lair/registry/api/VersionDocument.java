package dev.lair.registry.api;

/**
 * Answer of {@link ApiPaths#VERSION}: all that is known of a release.
 *
 * @param name {@code ns:name}
 * @param digest {@code sha256:…} of the content
 * @param yanked whether it was withdrawn from resolution; it can still be fetched
 * @param released where it stands in the log
 * @param links what else there is of it
 * @param verdict beside its neighbours, when it was published
 * @param content what follows from its bytes
 */
public record VersionDocument(
        String name,
        String version,
        String digest,
        boolean yanked,
        Released released,
        Links links,
        ReleaseVerdict verdict,
        ContentFacts content) {

    /**
     * The record that released it.
     *
     * @param time that its author says, RFC 3339
     * @param keyId that signed it
     */
    public record Released(String recordId, long leafIndex, String time, String keyId) {}

    /**
     * Paths below the registry's URL.
     *
     * @param content its bytes
     * @param file the same facts for ever, with the signed record
     * @param proof that it is in the log
     * @param record that its record is
     * @param attestations what the registry stated about who published it
     * @param readme the text that came with it, if one did
     * @param index all releases of the package
     * @param dependants who refers to the package
     */
    public record Links(
            String content,
            String file,
            String proof,
            String record,
            String attestations,
            String readme,
            String index,
            String dependants) {}
}
