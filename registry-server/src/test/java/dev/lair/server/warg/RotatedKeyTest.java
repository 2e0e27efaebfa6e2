package dev.lair.server.warg;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.log.OperatorLog;
import dev.lair.registry.log.SignedOperatorRecord;
import dev.lair.registry.warg.WargBodies.CheckpointBody;
import dev.lair.server.namespace.Namespaces;
import dev.lair.server.namespace.OperatorDesk;
import dev.lair.server.namespace.OperatorRecordRefused;
import dev.lair.server.settings.LairSettings;
import dev.lair.signing.EcdsaP256;
import dev.lair.signing.KeyId;
import dev.lair.signing.SignedCheckpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;

/** A server over a data folder whose operator changes keys while it runs. */
@DirtiesContext
class RotatedKeyTest extends HttpTest {

    @DynamicPropertySource
    static void dataFolder(DynamicPropertyRegistry registry) {
        registry.add("lair.storage", () -> "embedded");
        registry.add("lair.data", () -> {
            try {
                return Files.createTempDirectory("lair-rotated").resolve("data");
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Autowired
    Namespaces namespaces;

    @Autowired
    LairSettings settings;

    private record Local(Namespaces namespaces) implements OperatorDesk.LogAccess {
        @Override
        public OperatorLog.State state() {
            return namespaces.operatorLog();
        }

        @Override
        public long append(SignedOperatorRecord record) throws OperatorRecordRefused {
            return namespaces.append(record);
        }

        @Override
        public void close() {}
    }

    @Test
    void checkpointsOfTheOldKeyStillVerifyAndNewOnesAreSignedByTheNewKey() throws Exception {
        // The desk reads the real clock; ours only has to be near it.
        clock.set(Clock.systemUTC().instant());
        release(author(), "1.0.0");
        SignedCheckpoint old = ledger.checkpoint().orElseThrow();
        KeyId fresh;
        try (OperatorDesk desk = OperatorDesk.open(
                new Local(namespaces), settings.data(), null, new SecureRandom(), Clock.systemUTC())) {
            fresh = desk.rotate();
        }
        release(author(), "1.0.0");

        SignedCheckpoint newest = ledger.checkpoint().orElseThrow();
        assertThat(newest.keyId()).isEqualTo(fresh).isNotEqualTo(old.keyId());
        assertThat(newest.verify(namespaces.operatorLog().key(fresh).orElseThrow(), EcdsaP256.INSTANCE))
                .isTrue();
        for (SignedCheckpoint checkpoint : new SignedCheckpoint[] {old, newest}) {
            JsonNode verdict =
                    post("v1/verify/checkpoint", CheckpointBody.of(checkpoint)).json(200);
            assertThat(verdict.get("checkpoint").asString()).isEqualTo("verified");
            assertThat(verdict.get("signature").asString()).isEqualTo("verified");
        }
    }
}
