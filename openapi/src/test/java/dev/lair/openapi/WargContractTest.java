package dev.lair.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.openapi.warg.client.WargApi;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The contract text: complete, exact in its media type, and with the protocol's own examples. */
class WargContractTest {
    private final JsonNode contract = contract();

    @Test
    void everyEndpointOfTheProtocolIsThere() {
        Set<String> endpoints = new TreeSet<>();
        contract.get("paths")
                .properties()
                .forEach(path -> path.getValue().propertyNames().stream()
                        .filter(name -> !name.equals("parameters"))
                        .forEach(method -> endpoints.add(method + " " + path.getKey())));

        assertThat(endpoints)
                .containsExactlyInAnyOrder(
                        "get /v1/fetch/checkpoint",
                        "post /v1/fetch/logs",
                        "post /v1/fetch/names",
                        "post /v1/package/{logId}/record",
                        "get /v1/package/{logId}/record/{recordId}",
                        "post /v1/package/{logId}/record/{recordId}/content/{digest}",
                        "get /v1/content/{digest}",
                        "get /content/sha256-{hex}",
                        "post /v1/proof/consistency",
                        "post /v1/proof/inclusion",
                        "post /v1/verify/checkpoint",
                        "get /v1/ledger",
                        "get /v1/ledger/records/{start}",
                        "get /.well-known/wasm-pkg/registry.json");
    }

    @Test
    void jsonIsNeverServedUnderAnotherName() {
        assertThat(contract.findValues("content").stream()
                        .flatMap(content -> content.propertyNames().stream())
                        .filter(type -> type.contains("json")))
                .isNotEmpty()
                .containsOnly("application/json");
    }

    @Test
    void clientHasOneMethodPerJsonOperation() {
        Set<String> operations = contract.get("paths").findValues("operationId").stream()
                .map(JsonNode::asString)
                .collect(Collectors.toCollection(TreeSet::new));
        operations.removeAll(Set.of("uploadContent", "downloadContent", "downloadLedgerRecords"));

        assertThat(Arrays.stream(WargApi.class.getMethods()).map(Method::getName))
                .containsAll(operations);
    }

    @ParameterizedTest
    @CsvSource({
        "FetchLogsRequest, /fetchLogsRequest",
        "FetchLogsResponse, /fetchLogsResponse",
        "FetchNamesRequest, /fetchNamesRequest",
        "FetchNamesResponse, /fetchNamesResponse",
        "PublishRequest, /publishRequest/body",
        "RecordSourcing, /publishResponse202Sourcing",
        "RecordProcessing, /publishResponse202Processing",
        "RecordPublished, /recordPublished",
        "RecordRejected, /recordRejected",
        "ContentSources, /contentSources",
        "LedgerSources, /ledger",
        "VerifyCheckpointResponse, /verifyCheckpointResponse",
        "LogNotFound, /errors/logNotFound",
        "FetchTokenNotFound, /errors/fetchTokenNotFound",
        "CheckpointNotFound, /errors/checkpointNotFound",
        "LeafNotFound, /errors/leafNotFound",
        "RecordNotFound, /errors/recordNotFound",
        "NamespaceNotDefined, /errors/namespaceNotDefined",
        "NamespaceImported, /errors/namespaceImported",
        "ConflictPendingPublish, /errors/conflictPendingPublish",
        "RecordNotSourcing, /errors/recordNotSourcing",
        "Unauthorized, /errors/unauthorized",
        "Rejection, /errors/rejection",
        "NotSupported, /errors/notSupported",
        "ContentNotFound, /errors/contentNotFound",
        "BundleFailure, /errors/bundleFailure",
        "PackageNotIncluded, /errors/packageNotIncluded",
        "IncorrectProof, /errors/incorrectProof",
        "Generic, /errors/generic",
    })
    void examplesAreTheVectors(String example, String pointer) {
        JsonNode shown = contract.at("/components/examples/" + example + "/value");
        JsonNode vector = HttpExamples.at(pointer);

        assertThat(withPlaceholdersOf(vector, shown)).isEqualTo(vector);
    }

    /** The vectors shorten some texts to dots; the contract spells them out, so dots match any text. */
    private static JsonNode withPlaceholdersOf(JsonNode vector, JsonNode shown) {
        JsonNode copy = shown.deepCopy();
        for (Map.Entry<String, JsonNode> field : vector.properties()) {
            if (field.getValue().isString()
                    && field.getValue().asString().endsWith("..")
                    && shown.path(field.getKey()).isString()) {
                ((ObjectNode) copy).set(field.getKey(), field.getValue());
            }
        }
        return copy;
    }

    private static JsonNode contract() {
        InputStream in = WargContractTest.class.getResourceAsStream("/openapi/warg.yaml");
        return new YAMLMapper().readTree(Objects.requireNonNull(in));
    }
}
