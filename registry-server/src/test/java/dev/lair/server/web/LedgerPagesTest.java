package dev.lair.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.api.ApiPaths;
import dev.lair.registry.api.DigestField;
import dev.lair.server.Wasm;
import dev.lair.server.ledger.Ledger;
import dev.lair.transparency.ConsistencyProof;
import dev.lair.transparency.Digest;
import dev.lair.transparency.Frontier;
import dev.lair.transparency.InclusionProof;
import java.net.http.HttpRequest;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

/** The explorer shows what the logs have, and nothing that no checkpoint covers. */
class LedgerPagesTest extends WebTest {

    @Autowired
    Ledger ledger;

    private String name = "";
    private Digest content = Digest.of(new byte[0]);
    private long leaf;

    @BeforeEach
    void release() {
        String owner = account(unique("owner"));
        String token = session(owner);
        String namespace = unique("shown");
        post(ApiPaths.NAMESPACES, token, Map.of("name", namespace)).json(201);
        byte[] wasm = Wasm.coreModule(namespace);
        content = Digest.of(wasm);
        name = namespace + ":thing";
        leaf = send(request(ApiPaths.PACKAGES + "/" + namespace + "/thing/versions/1.0.0")
                        .header("content-type", "application/wasm")
                        .header("authorization", "Bearer " + token)
                        .header("content-digest", DigestField.format(content))
                        .POST(HttpRequest.BodyPublishers.ofByteArray(wasm)))
                .json(201)
                .get("leafIndex")
                .longValue();
    }

    @Test
    void theNewestRecordsAndTheCheckpointAreShown() {
        browser()
                .get("/ledger")
                .require(
                        200,
                        ledger.origin(),
                        ledger.publishedSize() + " records",
                        "href=\"/ledger/" + leaf + "\"",
                        "releases 1.0.0 as " + content,
                        "href=\"/" + name + "@1.0.0\"");
    }

    @Test
    void aRecordIsShownWithItsProof() {
        long size = ledger.publishedSize();
        Browser.Shown page = browser()
                .get("/ledger/" + leaf)
                .require(
                        200,
                        name,
                        "releases 1.0.0 as " + content,
                        ledger.entryAt(leaf).orElseThrow().recordId().toString(),
                        "begins the log with key",
                        Frontier.read(ledger.nodes(size), size).root().base64());
        InclusionProof.build(ledger.nodes(size), leaf, size)
                .hashes()
                .forEach(hash -> assertThat(page.text()).contains(hash.base64()));
        String proof = page.text().replaceAll("(?s).*href=\"(/proof/record/[^\"]+)\".*", "$1");
        assertThat(browser().get(proof).require(200).text()).startsWith("c2sp.org/tlog-proof@v1\n");
    }

    @Test
    void twoSizesAreComparedWithTheirRootsAndProof() {
        long size = ledger.publishedSize();
        Browser.Shown page = browser()
                .get("/ledger/consistency?from=1&to=" + size)
                .require(
                        200,
                        Frontier.read(ledger.nodes(size), 1).root().base64(),
                        Frontier.read(ledger.nodes(size), size).root().base64());
        ConsistencyProof.build(ledger.nodes(size), 1, size)
                .hashes()
                .forEach(hash -> assertThat(page.text()).contains(hash.base64()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/ledger/consistency?from=0&to=1",
                "/ledger/consistency?from=2&to=1",
                "/ledger/consistency?from=1&to=999999",
                "/ledger/consistency?from=x&to=1",
                "/ledger/consistency?from=-1",
                "/ledger?before=x",
                "/ledger?leaf=%3Cscript%3E",
                "/ledger/x"
            })
    void whatIsNoSizeIsRefusedInWords(String path) {
        browser().get(path).require(422, "<main");
    }

    @Test
    void aLeafThatNoCheckpointCoversIsNotFound() {
        browser().get("/ledger/999999").require(404, "no published checkpoint covers a record at leaf 999999 yet");
    }

    @Test
    void aTypedLeafLeadsToItsPage() {
        browser().get("/ledger?leaf=" + leaf).requireSentTo("/ledger/" + leaf);
    }

    @Test
    void theEvidenceLogStatesTheCheckpointAndTheAttestation() {
        Browser.Shown page = browser().get("/ledger/evidence").require(200, ledger.evidenceOrigin(), ">attestation<");
        assertThat(page.text()).contains("map root ", "log root ");
    }
}
