package dev.lair.server.tree;

import dev.lair.registry.tree.RegistryConfig;
import dev.lair.registry.tree.RegistryConfig.LogConfig;
import dev.lair.registry.tree.TreePaths;
import dev.lair.server.access.Access;
import dev.lair.server.access.Act;
import dev.lair.server.ledger.Ledger;
import dev.lair.server.settings.PublicUrl;
import dev.lair.signing.note.NoteKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /config.json}: see {@link RegistryConfig}. */
@RestController
class ConfigController {

    private final Ledger ledger;
    private final PublicUrl publicUrl;

    ConfigController(Ledger ledger, PublicUrl publicUrl) {
        this.ledger = ledger;
        this.publicUrl = publicUrl;
    }

    @Access(Act.OPEN)
    @GetMapping("/" + TreePaths.CONFIG)
    ResponseEntity<byte[]> config() {
        Map<String, List<String>> protocols = new LinkedHashMap<>();
        protocols.put("warg", List.of("v1"));
        protocols.put("lair", List.of("v1"));
        protocols.put("tree", List.of("v1"));
        Map<String, String> endpoints = new LinkedHashMap<>();
        endpoints.put("warg", publicUrl.of("v1"));
        endpoints.put("lair", publicUrl.of("api/v1"));
        endpoints.put("content", publicUrl.ofContent("content"));
        endpoints.put("records", publicUrl.of(TreePaths.RECORDS));
        endpoints.put("package", publicUrl.of("package"));
        endpoints.put("map", publicUrl.of("proof/map"));
        return TreeReplies.json(
                new RegistryConfig(
                        RegistryConfig.FORMAT_VERSION,
                        publicUrl.toString(),
                        protocols,
                        endpoints,
                        log(ledger.origin(), TreePaths.LOG, ledger.noteKeys()),
                        log(ledger.evidenceOrigin(), TreePaths.EVIDENCE, ledger.evidenceKeys())),
                TreeReplies.CONFIG);
    }

    private LogConfig log(String origin, String path, List<NoteKey> keys) {
        return new LogConfig(
                origin, publicUrl.of(path), keys.stream().map(NoteKey::text).toList());
    }
}
