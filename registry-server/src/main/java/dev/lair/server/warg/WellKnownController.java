package dev.lair.server.warg;

import dev.lair.server.access.Access;
import dev.lair.server.access.Act;
import dev.lair.server.settings.PublicUrl;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * {@code /.well-known/wasm-pkg/registry.json}. Never a top-level {@code wargUrl}: {@code wkg} 0.16 fails on it (warg
 * protocol, section 4). {@code preferredProtocol} names what this server speaks now.
 */
@RestController
class WellKnownController {

    private final PublicUrl publicUrl;

    WellKnownController(PublicUrl publicUrl) {
        this.publicUrl = publicUrl;
    }

    @Access(Act.OPEN)
    @GetMapping("/.well-known/wasm-pkg/registry.json")
    ResponseEntity<byte[]> registry() {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("preferredProtocol", "warg");
        body.put("warg", Map.of("url", publicUrl.toString()));
        return WargRequests.reply(200, body);
    }
}
