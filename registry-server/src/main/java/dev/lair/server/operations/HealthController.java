package dev.lair.server.operations;

import dev.lair.registry.warg.WargJson;
import dev.lair.server.ledger.Ledger;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /health}: 200 while records are taken, 503 when the ledger stopped. */
@RestController
class HealthController {

    private final Ledger ledger;

    HealthController(Ledger ledger) {
        this.ledger = ledger;
    }

    @GetMapping("/health")
    ResponseEntity<byte[]> health() {
        boolean up = ledger.failure().isEmpty();
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("status", up ? "up" : "down");
        body.put("treeSize", ledger.publishedSize());
        return ResponseEntity.status(up ? 200 : 503)
                .header(HttpHeaders.CONTENT_TYPE, WargJson.CONTENT_TYPE)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .body(WargJson.write(body));
    }
}
