package dev.lair.registry.tree;

import dev.lair.registry.api.ApiJson;
import dev.lair.registry.api.ContentFacts;
import dev.lair.registry.api.ReleaseVerdict;

/**
 * {@code package/NS/NAME/VERSION.json}: a release as it was published, for ever. It has what the API tells of a version, but
 * what may change: whether it was yanked is said by {@link IndexLine}. Readers pass over members that they do not know.
 *
 * @param name {@code ns:name}
 * @param digest {@code sha256:…} of the content
 * @param verdict beside its neighbours, when it was published
 * @param content what follows from its bytes, and which validator found it
 */
public record VersionFile(
        String name, String version, String digest, Released released, ReleaseVerdict verdict, ContentFacts content) {

    /**
     * The record that released it.
     *
     * @param time that its author says, RFC 3339
     * @param keyId that signed it
     * @param record the signed record itself, standard base64 of the envelope: its content hashes to {@code recordId}
     */
    public record Released(String recordId, long leafIndex, String time, String keyId, String record) {}

    /**
     * Reads a file.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static VersionFile parse(byte[] body) {
        return ApiJson.read(body, VersionFile.class);
    }
}
