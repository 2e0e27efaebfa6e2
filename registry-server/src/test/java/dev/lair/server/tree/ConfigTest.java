package dev.lair.server.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.tree.RegistryConfig;
import dev.lair.signing.note.NoteKey;
import dev.lair.signing.note.NoteKeyType;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code config.json}. */
class ConfigTest extends TreeHttpTest {

    @Test
    void namesLogsKeysProtocolsAndEndpoints() {
        Reply reply = get("config.json").requireOk();
        assertThat(reply.header("content-type")).contains("application/json");
        assertThat(reply.header("cache-control")).contains("max-age=60, public");
        RegistryConfig config = config();
        assertThat(config.formatVersion()).isEqualTo(1);
        assertThat(config.url()).isEqualTo("https://registry.example/base");
        assertThat(config.log().origin()).isEqualTo("registry.example/base/log");
        assertThat(config.log().url()).isEqualTo("https://registry.example/base/log");
        assertThat(config.evidence().origin()).isEqualTo("registry.example/base/evidence");
        assertThat(config.evidence().url()).isEqualTo("https://registry.example/base/evidence");
        assertThat(config.protocols().get("warg")).isEqualTo(List.of("v1"));
        assertThat(config.protocols().get("tree")).isEqualTo(List.of("v1"));
        assertThat(config.endpoints())
                .containsEntry("content", "https://registry.example/base/content")
                .containsEntry("records", "https://registry.example/base/records");
    }

    @Test
    void keysAreNamedAsTheirLogEd25519First() {
        for (RegistryConfig.LogConfig log : List.of(config().log(), config().evidence())) {
            List<NoteKey> keys = log.keys().stream().map(NoteKey::parse).toList();
            assertThat(keys).extracting(NoteKey::name).containsOnly(log.origin());
            assertThat(keys)
                    .extracting(key -> key.type().orElseThrow())
                    .containsExactly(NoteKeyType.ED25519, NoteKeyType.COSIGNATURE_ML_DSA_44);
        }
    }

    @Test
    void knownConfigIsAnsweredWithNotModified() {
        String tag = get("config.json").header("etag").orElseThrow();
        assertThat(get("config.json", "if-none-match", tag).status()).isEqualTo(304);
    }
}
