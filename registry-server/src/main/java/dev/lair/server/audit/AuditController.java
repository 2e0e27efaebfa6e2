package dev.lair.server.audit;

import dev.lair.registry.api.AccountDocuments;
import dev.lair.registry.api.ApiJson;
import dev.lair.registry.api.ApiPaths;
import dev.lair.server.access.Access;
import dev.lair.server.access.Act;
import dev.lair.server.access.JsonBody;
import dev.lair.storage.registry.AuditRows;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /api/v1/audit}: newest first, a page at a time; owners read what was done in their namespace. */
@RestController
class AuditController {

    private final AuditLog log;

    AuditController(AuditLog log) {
        this.log = log;
    }

    /** Whether the caller owns {@code namespace}, or is an administrator, was asked at the door. */
    @Access(Act.READ_AUDIT)
    @GetMapping("/" + ApiPaths.AUDIT)
    ResponseEntity<byte[]> acts(
            @RequestParam(required = false) @Nullable String namespace,
            @RequestParam(required = false) @Nullable String before) {
        List<AuditRows.Row> rows = log.page(namespace, before);
        return JsonBody.ok(new AccountDocuments.Audit(
                rows.stream().map(AuditController::document).toList(), AuditLog.next(rows)));
    }

    private static AccountDocuments.Act document(AuditRows.Row row) {
        AuditRows.Act act = row.act();
        return new AccountDocuments.Act(
                row.id(),
                act.at().toString(),
                act.actor(),
                act.act(),
                act.namespace(),
                act.subject(),
                ApiJson.read(act.detail().getBytes(StandardCharsets.UTF_8), Map.class),
                act.requestId());
    }
}
