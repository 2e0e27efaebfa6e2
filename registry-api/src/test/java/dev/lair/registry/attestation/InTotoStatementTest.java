package dev.lair.registry.attestation;

import static dev.lair.registry.attestation.AttestationVectors.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

class InTotoStatementTest {

    private static final String ONE = "{\"_type\":\"https://in-toto.io/Statement/v1\","
            + "\"subject\":[{\"name\":\"a.wasm\",\"digest\":{\"sha256\":\"00ff\",\"gitCommit\":\"c0ffee\"}}],"
            + "\"predicateType\":\"https://slsa.dev/provenance/v1\","
            + "\"predicate\":{\"b\":[1,1.0,null,true],\"a\":{\"é\":\"ü\"}}}";

    @Test
    void formatAndParseAreInverses() {
        InTotoStatement read = InTotoStatement.parse(utf8(ONE));
        assertThat(new String(read.format(), StandardCharsets.UTF_8)).isEqualTo(ONE);
        assertThat(InTotoStatement.parse(read.format())).isEqualTo(read);
        assertThat(read.subjects()).hasSize(1);
        assertThat(read.subjects().getFirst().digests().keySet()).containsExactly("sha256", "gitCommit");
        assertThat(read.predicateType()).isEqualTo("https://slsa.dev/provenance/v1");
        assertThat(read.predicate().get("a").get("é").stringValue()).isEqualTo("ü");
    }

    @Test
    void whiteSpaceAndOrderOfOthersAreRead() {
        String other = "{ \"predicate\": {\"b\":[1,1.0,null,true],\"a\":{\"é\":\"ü\"}},\n"
                + ONE.substring(1, ONE.indexOf(",\"predicate\":")) + "\n}\n";
        assertThat(InTotoStatement.parse(utf8(other))).isEqualTo(InTotoStatement.parse(utf8(ONE)));
    }

    @Test
    void predicateIsACopy() {
        ObjectNode predicate = JsonNodeFactory.instance.objectNode().put("a", 1);
        InTotoStatement statement = new InTotoStatement(
                List.of(new InTotoStatement.Subject("x", Map.of("sha256", "00"))), "type", predicate);
        predicate.put("a", 2);
        ((ObjectNode) statement.predicate()).put("a", 3);
        assertThat(statement.predicate().get("a").intValue()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{\"_type\":\"https://in-toto.io/Statement/v1\",\"subject\":[],\"predicateType\":\"t\",\"predicate\":{}}",
                "{\"_type\":\"https://in-toto.io/Statement/v1\",\"subject\":{},\"predicateType\":\"t\",\"predicate\":{}}",
                "{\"_type\":\"https://in-toto.io/Statement/v1\",\"subject\":[SUBJECT],\"predicateType\":\"\",\"predicate\":{}}",
                "{\"_type\":\"https://in-toto.io/Statement/v1\",\"subject\":[SUBJECT],\"predicateType\":\"t\",\"predicate\":[]}",
                "{\"_type\":\"https://in-toto.io/Statement/v1\",\"subject\":[SUBJECT],\"predicateType\":\"t\"}",
                "{\"_type\":\"https://in-toto.io/Statement/v1\",\"subject\":[SUBJECT],\"predicateType\":\"t\",\"predicate\":{},\"x\":1}",
                "{\"_type\":\"https://in-toto.io/Statement/v0.1\",\"subject\":[SUBJECT],\"predicateType\":\"t\",\"predicate\":{}}",
                "{\"type\":\"https://in-toto.io/Statement/v1\",\"subject\":[SUBJECT],\"predicateType\":\"t\",\"predicate\":{}}",
                "{\"_type\":\"https://in-toto.io/Statement/v1\",\"subject\":[{\"name\":\"x\",\"digest\":{}}],\"predicateType\":\"t\",\"predicate\":{}}",
                "{\"_type\":\"https://in-toto.io/Statement/v1\",\"subject\":[{\"name\":\"x\",\"digest\":{\"a\":1}}],\"predicateType\":\"t\",\"predicate\":{}}",
                "{\"_type\":\"https://in-toto.io/Statement/v1\",\"subject\":[{\"name\":\"\",\"digest\":{\"a\":\"0\"}}],\"predicateType\":\"t\",\"predicate\":{}}",
                "{\"_type\":\"https://in-toto.io/Statement/v1\",\"subject\":[{\"digest\":{\"a\":\"0\"}}],\"predicateType\":\"t\",\"predicate\":{}}",
                "{\"_type\":\"https://in-toto.io/Statement/v1\",\"subject\":[SUBJECT],\"predicateType\":\"t\",\"predicate\":{\"a\":1,\"a\":2}}",
                "{\"_type\":\"https://in-toto.io/Statement/v1\",\"subject\":[SUBJECT],\"predicateType\":\"t\",\"predicate\":{}} x"
            })
    void otherShapesAreRefused(String json) {
        String filled = json.replace("SUBJECT", "{\"name\":\"x\",\"digest\":{\"sha256\":\"00\"}}");
        assertThatThrownBy(() -> InTotoStatement.parse(utf8(filled))).isInstanceOf(MalformedAttestationException.class);
    }
}
