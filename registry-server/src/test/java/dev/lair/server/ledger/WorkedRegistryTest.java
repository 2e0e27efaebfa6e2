package dev.lair.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.PackageName;
import dev.lair.server.TestClock;
import dev.lair.server.TestSettings;
import dev.lair.server.WatchedLedgerStore;
import dev.lair.signing.EcdsaP256;
import dev.lair.signing.KeyId;
import dev.lair.signing.PrivateKey;
import dev.lair.signing.Signature;
import dev.lair.signing.SignedCheckpoint;
import dev.lair.signing.SignedRecord;
import dev.lair.storage.Storage;
import dev.lair.storage.memory.MemoryStorage;
import dev.lair.transparency.LogId;
import dev.lair.transparency.LogLeaf;
import dev.lair.transparency.LogProofBundle;
import dev.lair.transparency.MapProof;
import dev.lair.transparency.MapProofBundle;
import dev.lair.transparency.RecordId;
import dev.lair.transparency.SparseMap;
import dev.lair.transparency.StrictBase64;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The seven records of the worked registry (warg-vectors.json): every root, proof and byte that the reference gives. */
class WorkedRegistryTest {

    private static final JsonNode VECTORS = vectors();
    private static final JsonNode WORKED = VECTORS.get("workedRegistry");

    private final TestClock clock = new TestClock();
    private final Storage memory = MemoryStorage.open(clock);
    private final WatchedLedgerStore store = new WatchedLedgerStore(memory.ledger());
    private final PrivateKey operator =
            PrivateKey.parse(VECTORS.at("/keys/0/private").asString());
    private OpenLedger ledger =
            OpenLedger.open(TestSettings.of(), store.in(memory), () -> Optional.of(operator), clock);

    private static JsonNode vectors() {
        try (InputStream in = WorkedRegistryTest.class.getResourceAsStream("/warg-vectors.json")) {
            return JsonMapper.shared().readTree(Objects.requireNonNull(in));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void feed() {
        for (JsonNode record : WORKED.get("records")) {
            JsonNode checkpoint = checkpointOf(record);
            clock.set(Instant.ofEpochSecond(checkpoint.at("/contents/timestamp").asLong()));
            ledger.append(newRecord(record));
        }
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    private static JsonNode checkpointOf(JsonNode record) {
        return record.at("/checkpointAfter/json");
    }

    private static NewRecord newRecord(JsonNode record) {
        String name =
                record.get("package").isNull() ? null : record.get("package").asString();
        JsonNode prev = record.get("prev");
        return new NewRecord(
                LogId.parse(record.get("logId").asString()),
                RecordId.parse(record.get("recordId").asString()),
                prev.isNull() ? null : RecordId.parse(prev.asString()),
                new SignedRecord(
                        StrictBase64.decode(record.get("contentBytesBase64").asString()),
                        KeyId.parse(record.get("keyId").asString()),
                        Signature.parse(record.get("signature").asString())),
                name == null ? null : PackageName.parse(name),
                List.of());
    }

    @Test
    void everyCheckpointIsThatOfTheVectors() {
        assertThat(store.saved()).hasSize(7);
        for (JsonNode record : WORKED.get("records")) {
            JsonNode expected = checkpointOf(record);
            long size = expected.at("/contents/logLength").asLong();
            SignedCheckpoint found = ledger.ledger().checkpoint(size).orElseThrow();
            assertThat(found.contents().checkpoint().logRoot())
                    .hasToString(expected.at("/contents/logRoot").asString());
            assertThat(found.contents().checkpoint().mapRoot())
                    .hasToString(expected.at("/contents/mapRoot").asString());
            assertThat(found.contents().epochSeconds())
                    .isEqualTo(expected.at("/contents/timestamp").asLong());
            assertThat(found.keyId()).hasToString(expected.get("keyId").asString());
            assertThat(found.verify(operator.publicKey(), EcdsaP256.INSTANCE)).isTrue();
            SignedCheckpoint signedByTheReference = new SignedCheckpoint(
                    found.contents(),
                    found.keyId(),
                    Signature.parse(expected.get("signature").asString()));
            assertThat(signedByTheReference.verify(operator.publicKey(), EcdsaP256.INSTANCE))
                    .isTrue();
        }
    }

    @Test
    void inclusionProofsAreThoseOfTheVectors() {
        requireInclusion(WORKED.get("inclusion").get("request"), WORKED.at("/inclusion/response"));
        for (String smaller : List.of("inclusionLength1", "inclusionLength2")) {
            requireInclusion(WORKED.get(smaller).get("request"), WORKED.get(smaller));
        }
    }

    private void requireInclusion(JsonNode request, JsonNode expected) {
        long size = request.get("logLength").asLong();
        SparseMap map = ledger.ledger().map(size).orElseThrow();
        List<Long> leaves = new ArrayList<>();
        List<MapProof> proofs = new ArrayList<>();
        for (JsonNode leaf : request.get("leafs")) {
            leaves.add(leaf.asLong());
            proofs.add(map.prove(
                    ledger.ledger().entryAt(leaf.asLong()).orElseThrow().logId()));
        }
        LogProofBundle log = LogProofBundle.inclusion(ledger.ledger().nodes(size), size, leaves);
        assertThat(StrictBase64.encode(log.encode()))
                .isEqualTo(expected.get("log").asString());
        assertThat(StrictBase64.encode(MapProofBundle.of(proofs).encode()))
                .isEqualTo(expected.get("map").asString());
    }

    @Test
    void consistencyProofsAreThoseOfTheVectors() {
        assertThat(WORKED.get("consistency").size()).isEqualTo(5);
        for (JsonNode expected : WORKED.get("consistency")) {
            long from = expected.get("from").asLong();
            long to = expected.get("to").asLong();
            assertThat(StrictBase64.encode(
                            LogProofBundle.consistency(ledger.ledger().nodes(to), from, to)
                                    .encode()))
                    .isEqualTo(expected.get("proofBase64").asString());
        }
    }

    @Test
    void packedLedgerIsThatOfTheVectors() {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        for (LogLeaf leaf : ledger.ledger().leaves(0, 7)) {
            packed.writeBytes(leaf.logId().bytes());
            packed.writeBytes(leaf.recordId().bytes());
        }
        assertThat(HexFormat.of().formatHex(packed.toByteArray()))
                .isEqualTo(WORKED.get("ledgerPackedHex").asString());
    }

    @Test
    void restartOverTheVectorsShowsTheSame() {
        ledger.close();
        ledger = OpenLedger.open(TestSettings.of(), store.in(memory), () -> Optional.of(operator), clock);
        everyCheckpointIsThatOfTheVectors();
        inclusionProofsAreThoseOfTheVectors();
        consistencyProofsAreThoseOfTheVectors();
    }
}
