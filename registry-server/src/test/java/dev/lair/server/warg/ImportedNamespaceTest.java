package dev.lair.server.warg;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.Namespace;
import dev.lair.registry.PackageName;
import dev.lair.registry.log.OperatorEntry;
import dev.lair.registry.log.OperatorRecord;
import dev.lair.registry.log.SignedOperatorRecord;
import dev.lair.registry.warg.WargBodies.FetchLogsRequest;
import dev.lair.registry.warg.WargBodies.RecordBody;
import dev.lair.server.Author;
import dev.lair.server.OperatorKeyFile;
import dev.lair.server.namespace.Namespaces;
import dev.lair.signing.PrivateKey;
import dev.lair.transparency.LogId;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** {@code POST api/v1/operator/records}, and packages that live on another registry. */
class ImportedNamespaceTest extends HttpTest {

    @Autowired
    Namespaces namespaces;

    private SignedOperatorRecord record(PrivateKey key, OperatorEntry... entries) {
        return SignedOperatorRecord.sign(
                new OperatorRecord(
                        namespaces.operatorLog().head().orElseThrow().recordId(), 0, clock.instant(), List.of(entries)),
                key);
    }

    private Reply append(SignedOperatorRecord record) {
        return post("api/v1/operator/records", RecordBody.of(record.envelope()));
    }

    @BeforeEach
    void importFar() {
        if (namespaces.find(new Namespace("far")).isEmpty()) {
            append(record(OperatorKeyFile.KEY, new OperatorEntry.ImportNamespace("far", "far.example")))
                    .json(200);
        }
    }

    private Reply logs(LogId log) {
        Map<LogId, @Nullable String> asked = new HashMap<>();
        asked.put(log, null);
        return post("v1/fetch/logs", new FetchLogsRequest(size(), null, null, asked));
    }

    @Test
    void listedPackageOfAnImportedNamespaceIsHinted() {
        LogId log = PackageName.parse("far:known").logId();
        Reply reply = logs(log);
        reply.requireError(404, "\"type\":\"log\",\"id\":\"" + log + "\"");
        assertThat(reply.header("warg-registry-hint")).contains("far=far.example");
    }

    @Test
    void packageThatSomebodyTriedToPublishHereIsHintedFromThenOn() {
        Author author = Author.of("far:tried", clock);
        assertThat(logs(author.log()).header("warg-registry-hint")).isEmpty();
        publish(author, author.release("1.0.0", new byte[0]))
                .requireError(409, "\"type\":\"namespaceImport\",\"id\":\"far\"");
        assertThat(logs(author.log()).header("warg-registry-hint")).contains("far=far.example");
    }

    @Test
    void listedPackageOfANamespaceOfOursIsNotHinted() {
        assertThat(logs(PackageName.parse("test:not-imported").logId()).header("warg-registry-hint"))
                .isEmpty();
    }

    @Test
    void operatorRecordIsAppendedAndAnsweredWithItsPlace() {
        long before = size();
        SignedOperatorRecord record = record(OperatorKeyFile.KEY, new OperatorEntry.DefineNamespace("by-http"));
        JsonNode json = append(record).json(200);
        assertThat(names(json)).containsExactlyInAnyOrder("recordId", "leafIndex");
        assertThat(json.get("recordId").asString()).isEqualTo(record.id().toString());
        assertThat(json.get("leafIndex").asLong()).isEqualTo(before);
        assertThat(size()).isEqualTo(before + 1);
        assertThat(namespaces.find(new Namespace("by-http"))).isPresent();
    }

    @Test
    void operatorRecordOfAStrangerIsRefused() {
        long before = size();
        append(record(PrivateKey.generate(new SecureRandom()), new OperatorEntry.DefineNamespace("stolen")))
                .requireMessage(422, "did not have required permission");
        append(record(OperatorKeyFile.KEY, new OperatorEntry.DefineNamespace("v1")))
                .requireMessage(422, "reserved");
        post("api/v1/operator/records", "{}").requireMessage(400, "the JSON body is not valid");
        post("api/v1/operator/records", " ".repeat(128 * 1024 + 1)).requireMessage(413, "131072");
        assertThat(size()).isEqualTo(before);
        assertThat(namespaces.find(new Namespace("stolen"))).isEmpty();
    }
}
