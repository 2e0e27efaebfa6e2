package dev.lair.registry.warg;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.lair.registry.Namespace;
import dev.lair.transparency.Digest;
import dev.lair.transparency.LogId;
import dev.lair.transparency.RecordId;
import dev.lair.transparency.RootHash;
import org.jspecify.annotations.Nullable;

/**
 * An error body of the warg API v1. The HTTP status equals {@code status}. Either {@code type} and {@code id} name what is
 * missing or in the way, or {@code message} says it in words, or {@code reason} tells why a proof cannot be given. Clients
 * tell these apart by which members are there, so nothing else is ever added (warg protocol, section 4).
 */
@JsonInclude(Include.NON_NULL)
public record WargError(
        int status,
        @Nullable String type,
        @Nullable Object id,
        @Nullable String message,
        @Nullable String reason,
        @JsonProperty("log_id") @Nullable LogId logId,
        @Nullable RootHash root,
        @Nullable RootHash found) {

    public static WargError logNotFound(LogId log) {
        return entity(404, "log", log.toString());
    }

    public static WargError recordNotFound(RecordId record) {
        return entity(404, "record", record.toString());
    }

    public static WargError namespaceNotDefined(Namespace namespace) {
        return entity(404, "namespace", namespace.value());
    }

    public static WargError checkpointNotFound(long logLength) {
        return entity(404, "logLength", logLength);
    }

    public static WargError fetchTokenNotFound(String token) {
        return entity(404, "fetchToken", token);
    }

    public static WargError leafNotFound(long leafIndex) {
        return entity(404, "leaf", leafIndex);
    }

    public static WargError contentNotFound(Digest content) {
        return entity(404, "contentDigest", content.toString());
    }

    public static WargError namespaceImported(Namespace namespace) {
        return entity(409, "namespaceImport", namespace.value());
    }

    /** Another record is on its way; the client waits for {@code pending} and tries again. */
    public static WargError conflict(RecordId pending) {
        return entity(409, "record", pending.toString());
    }

    /** An upload for a record that waits for none. */
    public static WargError recordNotSourcing() {
        return new WargError(405, null, null, null, null, null, null, null);
    }

    /** Any status with words: 400, 401, 413, 422, 429, 500, 501 … */
    public static WargError message(int status, String message) {
        return new WargError(status, null, null, message, null, null, null, null);
    }

    /** A map proof was asked for a record that is not the head of its log at that checkpoint. */
    public static WargError packageNotIncluded(LogId log) {
        return new WargError(422, null, null, null, "packageNotIncluded", log, null, null);
    }

    /** The proof made does not lead to the checkpoint's root: a fault of the registry. */
    public static WargError incorrectProof(RootHash root, RootHash found) {
        return new WargError(422, null, null, null, "incorrectProof", null, root, found);
    }

    /** No proof can be made of this request. */
    public static WargError bundleFailure(String message) {
        return new WargError(422, null, null, message, "failure", null, null, null);
    }

    private static WargError entity(int status, String type, Object id) {
        return new WargError(status, type, id, null, null, null, null, null);
    }
}
