package dev.lair.server.operations;

import dev.lair.registry.warg.WargJson;
import dev.lair.server.access.Access;
import dev.lair.server.access.Act;
import dev.lair.server.ledger.Ledger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Three questions. {@code GET /health}: does the ledger take records? {@code GET /health/live}: is there a process that
 * answers? When not, restart it. {@code GET /health/ready}: should it get requests that write? When not, send them
 * elsewhere; a restart may or may not help.
 */
@RestController
class HealthController {

    private final Ledger ledger;
    private final Readiness readiness;

    HealthController(Ledger ledger, Readiness readiness) {
        this.ledger = ledger;
        this.readiness = readiness;
    }

    @Access(Act.OPEN)
    @GetMapping("/health")
    ResponseEntity<byte[]> health() {
        boolean up = ledger.failure().isEmpty();
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("status", up ? "up" : "down");
        // Not asked of the storage here: where nodes share it, that could take as long as a database that is away.
        readiness.seen().ifPresent(seen -> body.put("treeSize", seen.treeSize()));
        return reply(up, body);
    }

    /** Asks nothing: a stopped ledger still serves reads, and a database that is away does not come back by a restart. */
    @Access(Act.OPEN)
    @GetMapping("/health/live")
    ResponseEntity<byte[]> live() {
        return reply(true, Map.of("status", "up"));
    }

    @Access(Act.OPEN)
    @GetMapping("/health/ready")
    ResponseEntity<byte[]> ready() {
        List<Readiness.Component> components = readiness.components();
        boolean up = components.stream().allMatch(Readiness.Component::isUp);
        Map<String, Object> told = new LinkedHashMap<>();
        components.forEach(component -> told.put(component.name(), body(component)));
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("status", up ? "up" : "down");
        body.put("components", told);
        return reply(up, body);
    }

    private static Map<String, Object> body(Readiness.Component component) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("status", component.isUp() ? "up" : "down");
        if (component.objection() != null) {
            body.put("reason", component.objection());
        }
        component.ageSeconds().ifPresent(age -> body.put("ageSeconds", age));
        component.limitSeconds().ifPresent(limit -> body.put("limitSeconds", limit));
        return body;
    }

    private static ResponseEntity<byte[]> reply(boolean up, Map<String, Object> body) {
        return ResponseEntity.status(up ? 200 : 503)
                .header(HttpHeaders.CONTENT_TYPE, WargJson.CONTENT_TYPE)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .body(WargJson.write(body));
    }
}
