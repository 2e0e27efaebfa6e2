package dev.lair.server.namespace;

import dev.lair.registry.log.MalformedRecordException;
import dev.lair.registry.log.SignedOperatorRecord;
import dev.lair.registry.warg.MalformedBodyException;
import dev.lair.registry.warg.WargBodies.RecordBody;
import dev.lair.registry.warg.WargJson;
import dev.lair.server.access.Access;
import dev.lair.server.access.Act;
import dev.lair.server.problem.WargErrorException;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * {@code POST /api/v1/operator/records}: a signed operator record, in the JSON form of warg's records. The signature is
 * the credential; see {@link Namespaces#append}.
 */
@RestController
class OperatorController {

    /** A record of 48 KiB in base64, with room to say what is wrong with a larger one. */
    private static final int MAX_BODY_BYTES = 128 * 1024;

    private final Namespaces namespaces;

    OperatorController(Namespaces namespaces) {
        this.namespaces = namespaces;
    }

    @Access(Act.HAND_IN)
    @PostMapping("/api/v1/operator/records")
    ResponseEntity<byte[]> append(InputStream in) {
        byte[] body;
        try {
            body = in.readNBytes(MAX_BODY_BYTES + 1);
        } catch (IOException e) {
            throw WargErrorException.of(400, "the request's body broke off");
        }
        if (body.length > MAX_BODY_BYTES) {
            throw WargErrorException.of(413, "the body has more than the " + MAX_BODY_BYTES + " bytes read here");
        }
        try {
            SignedOperatorRecord record = SignedOperatorRecord.decode(
                    WargJson.read(body, RecordBody.class).signedRecord());
            Map<String, Object> reply = new LinkedHashMap<>();
            reply.put("recordId", record.id());
            reply.put("leafIndex", namespaces.append(record));
            return ResponseEntity.ok()
                    .header(HttpHeaders.CONTENT_TYPE, WargJson.CONTENT_TYPE)
                    .body(WargJson.write(reply));
        } catch (MalformedBodyException | MalformedRecordException e) {
            throw WargErrorException.of(400, String.valueOf(e.getMessage()));
        } catch (OperatorRecordRefused e) {
            throw WargErrorException.of(422, String.valueOf(e.getMessage()));
        }
    }
}
