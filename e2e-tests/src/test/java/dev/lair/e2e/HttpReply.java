package dev.lair.e2e;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An HTTP reply as it came.
 *
 * @param contentType the header's whole value, or null
 * @param announcesClose whether it says that the connection ends with it
 */
// Compared by nobody.
@SuppressWarnings("ArrayRecordComponent")
record HttpReply(int status, @Nullable String contentType, byte[] body, boolean announcesClose) {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    JsonNode json() {
        return MAPPER.readTree(body);
    }

    /** The words of an error reply; a failure when it is not one in the warg form, exactly {@code application/json}. */
    String errorMessage(int expectedStatus) {
        requireError(expectedStatus);
        return json().path("message").asString("");
    }

    /** A reply with this status, repeated in a JSON body. */
    HttpReply requireError(int expectedStatus) {
        if (status != expectedStatus) {
            throw new AssertionError("expected " + expectedStatus + ", got " + this);
        }
        requireErrorForm();
        return this;
    }

    /** An error of any status in the warg form. */
    void requireErrorForm() {
        if (status < 400) {
            throw new AssertionError("not an error: " + this);
        }
        if (!"application/json".equals(contentType)) {
            throw new AssertionError("the content type is not exactly `application/json`: " + this);
        }
        JsonNode parsed;
        try {
            parsed = json();
        } catch (RuntimeException e) {
            throw new AssertionError("the body is not JSON: " + this, e);
        }
        if (parsed.path("status").asInt(-1) != status) {
            throw new AssertionError("the body does not repeat the status: " + this);
        }
    }

    @Override
    public String toString() {
        return status + " " + contentType + "\n" + text();
    }
}
