package dev.lair.server.tree;

import dev.lair.registry.tree.TreePaths;
import dev.lair.registry.warg.WargJson;
import dev.lair.server.access.Access;
import dev.lair.server.access.Act;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /config.json}: see {@link dev.lair.registry.tree.RegistryConfig}. */
@RestController
class ConfigController {

    private final TreeFiles files;

    ConfigController(TreeFiles files) {
        this.files = files;
    }

    @Access(Act.OPEN)
    @GetMapping("/" + TreePaths.CONFIG)
    ResponseEntity<byte[]> config(HttpServletRequest request) {
        return TreeReplies.packed(request, files.config(), WargJson.CONTENT_TYPE, TreeReplies.CONFIG);
    }
}
