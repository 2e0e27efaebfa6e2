package dev.lair.registry.warg;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.lair.signing.KeyId;
import dev.lair.signing.Signature;
import dev.lair.signing.SignedCheckpoint;
import dev.lair.signing.SignedRecord;
import dev.lair.transparency.Checkpoint;
import dev.lair.transparency.Digest;
import dev.lair.transparency.LogId;
import dev.lair.transparency.RecordId;
import dev.lair.transparency.RootHash;
import dev.lair.transparency.TimestampedCheckpoint;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The request and response bodies of the warg API v1 (warg protocol, section 4), one record each, named after what they
 * carry. {@link WargJson} reads and writes them; a component that may be absent on the wire is nullable.
 */
public final class WargBodies {

    private WargBodies() {}

    /** A signed record as JSON carries it. {@code contentBytes} is base64 on the wire. */
    public record RecordBody(byte[] contentBytes, KeyId keyId, Signature signature) {

        public static RecordBody of(SignedRecord record) {
            return new RecordBody(record.contentBytes(), record.keyId(), record.signature());
        }

        public SignedRecord signedRecord() {
            return new SignedRecord(contentBytes, keyId, signature);
        }
    }

    /** POST a record. {@code contentSources} is refused by every registry known (501) but may be sent. */
    public record PublishRequest(
            String packageName,
            RecordBody record,
            @JsonInclude(Include.NON_EMPTY) @Nullable Map<Digest, List<ContentSource>> contentSources) {}

    /** Where to send content that the registry has not got. {@code url} may be relative to the base URL. */
    public record UploadEndpoint(
            String type,
            String method,
            String url,
            @JsonInclude(Include.NON_EMPTY) @Nullable Map<String, String> headers) {

        public static UploadEndpoint post(String url) {
            return new UploadEndpoint("http", "POST", url, null);
        }
    }

    /** Ways to send one missing content; clients use the first. */
    public record MissingContent(List<UploadEndpoint> upload) {}

    /** State of a publish. Exactly the components of the state are present. */
    @JsonInclude(Include.NON_NULL)
    public record RecordStatus(
            RecordId recordId,
            State state,
            @Nullable Map<Digest, MissingContent> missingContent,
            @Nullable Long registryIndex,
            @Nullable String reason) {

        /** The states that a warg client knows. */
        public enum State {
            @JsonProperty("sourcing")
            SOURCING,
            @JsonProperty("processing")
            PROCESSING,
            @JsonProperty("published")
            PUBLISHED,
            @JsonProperty("rejected")
            REJECTED
        }

        public static RecordStatus sourcing(RecordId id, Map<Digest, MissingContent> missing) {
            return new RecordStatus(id, State.SOURCING, missing, null, null);
        }

        public static RecordStatus processing(RecordId id) {
            return new RecordStatus(id, State.PROCESSING, null, null, null);
        }

        public static RecordStatus published(RecordId id, long registryIndex) {
            return new RecordStatus(id, State.PUBLISHED, null, registryIndex, null);
        }

        public static RecordStatus rejected(RecordId id, String reason) {
            return new RecordStatus(id, State.REJECTED, null, null, reason);
        }
    }

    /**
     * Asks for records of the operator log and of package logs as of a checkpoint. A token is the {@code fetchToken} of the
     * last record that the client has; null starts from the beginning. {@code limit} is per log.
     */
    @JsonInclude(Include.NON_NULL)
    public record FetchLogsRequest(
            Long logLength,
            @Nullable Integer limit,
            @Nullable String operator,

            @JsonInclude(value = Include.NON_EMPTY, content = Include.ALWAYS) @Nullable
            Map<LogId, @Nullable String> packages) {}

    /** One published record; {@code fetchToken} is opaque to clients. */
    public record PublishedRecord(
            byte[] contentBytes, KeyId keyId, Signature signature, long registryIndex, String fetchToken) {

        public SignedRecord signedRecord() {
            return new SignedRecord(contentBytes, keyId, signature);
        }
    }

    /** A remark for the person at the client. */
    public record Warning(String message) {}

    /** Records by log. {@code more}: some list reached the limit, ask again with its last token. */
    public record FetchLogsResponse(
            boolean more,
            @JsonInclude(Include.NON_EMPTY) @Nullable List<PublishedRecord> operator,
            @JsonInclude(Include.NON_EMPTY) @Nullable Map<LogId, List<PublishedRecord>> packages,
            @JsonInclude(Include.NON_EMPTY) @Nullable List<Warning> warnings) {}

    /** Asks for the names behind log ids. */
    public record FetchNamesRequest(List<LogId> packages) {}

    /** Names by log id; null where the registry has none to give. */
    public record FetchNamesResponse(Map<LogId, @Nullable String> packages) {}

    /** A checkpoint signed by an operator key. */
    public record CheckpointBody(Contents contents, KeyId keyId, Signature signature) {

        /** {@code timestamp} is in Unix seconds. */
        public record Contents(RootHash logRoot, Long logLength, RootHash mapRoot, Long timestamp) {}

        public static CheckpointBody of(SignedCheckpoint checkpoint) {
            TimestampedCheckpoint contents = checkpoint.contents();
            Checkpoint roots = contents.checkpoint();
            return new CheckpointBody(
                    new Contents(roots.logRoot(), roots.logLength(), roots.mapRoot(), contents.epochSeconds()),
                    checkpoint.keyId(),
                    checkpoint.signature());
        }

        public SignedCheckpoint signedCheckpoint() {
            Checkpoint roots = new Checkpoint(contents.logRoot(), contents.logLength(), contents.mapRoot());
            return new SignedCheckpoint(new TimestampedCheckpoint(roots, contents.timestamp()), keyId, signature);
        }
    }

    /** Where content can be had: {@code type} is {@code httpGet} and {@code url} absolute. */
    public record ContentSource(
            String type,
            String url,
            @JsonInclude(Include.NON_NULL) @Nullable Boolean acceptRanges,
            @JsonInclude(Include.NON_NULL) @Nullable Long size) {

        public static ContentSource httpGet(String url, long sizeBytes) {
            return new ContentSource("httpGet", url, true, sizeBytes);
        }
    }

    /** Sources by digest. */
    public record ContentSourcesResponse(Map<Digest, List<ContentSource>> contentSources) {}

    /** Asks whether the log of size {@code to} extends that of size {@code from}. */
    public record ConsistencyRequest(Long from, Long to) {}

    /** A {@code LogProofBundle}, base64 on the wire. */
    public record ConsistencyResponse(byte[] proof) {}

    /** Asks for the inclusion of leaves in log and map of a checkpoint. */
    public record InclusionRequest(Long logLength, List<Long> leafs) {}

    /** A {@code LogProofBundle} and a {@code MapProofBundle}, base64 on the wire. */
    public record InclusionResponse(byte[] log, byte[] map) {}

    /** What the registry thinks of a checkpoint that it was shown. */
    public record VerifyCheckpointResponse(
            Verification checkpoint,
            Verification signature,
            @JsonInclude(Include.NON_NULL) @Nullable Integer retryAfter) {

        /** The three answers. */
        public enum Verification {
            @JsonProperty("unverified")
            UNVERIFIED,
            @JsonProperty("verified")
            VERIFIED,
            @JsonProperty("invalid")
            INVALID
        }
    }

    /** Where the packed ledger can be read; {@code url} may be relative to the base URL. */
    public record LedgerSource(
            long firstRegistryIndex,
            long lastRegistryIndex,
            String url,
            String contentType,
            @JsonInclude(Include.NON_NULL) @Nullable Boolean acceptRanges) {}

    /** The pages of the packed ledger. */
    public record LedgerResponse(String hashAlgorithm, List<LedgerSource> sources) {}
}
