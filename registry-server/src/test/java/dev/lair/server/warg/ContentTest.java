package dev.lair.server.warg;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.registry.warg.WargPaths;
import dev.lair.server.Author;
import dev.lair.transparency.Digest;
import java.net.http.HttpRequest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** {@code content/sha256-<hex>} and {@code v1/content/<digest>}. */
class ContentTest extends HttpTest {

    private byte[] released() {
        Author author = author();
        release(author, "1.0.0");
        return contentOf(author, "1.0.0");
    }

    private static String path(byte[] content) {
        return WargPaths.content(Digest.of(content));
    }

    private static void requireSafe(Reply reply) {
        assertThat(reply.header("x-content-type-options")).contains("nosniff");
        assertThat(reply.header("content-security-policy").orElse("")).contains("sandbox", "default-src 'none'");
        assertThat(reply.header("content-disposition").orElse("")).startsWith("attachment;");
        assertThat(reply.header("content-type")).contains("application/wasm");
    }

    @Test
    void wholeContentIsGivenWithItsHeaders() {
        byte[] content = released();
        Digest digest = Digest.of(content);
        Reply reply = get(path(content));
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.bytes()).isEqualTo(content);
        requireSafe(reply);
        assertThat(reply.header("content-disposition").orElse("")).contains("sha256-" + digest.hex() + ".wasm");
        assertThat(reply.header("etag")).contains("\"" + digest + "\"");
        assertThat(reply.header("cache-control").orElse("")).contains("public", "immutable", "max-age=31536000");
        assertThat(reply.header("accept-ranges")).contains("bytes");
        assertThat(reply.header("content-length")).contains(Integer.toString(content.length));
        assertThat(reply.header("repr-digest"))
                .contains("sha-256=:" + Base64.getEncoder().encodeToString(digest.bytes()) + ":");
    }

    @Test
    void rangeIsGivenAsPartialContent() {
        byte[] content = released();
        Reply middle = get(path(content), "range", "bytes=2-5");
        assertThat(middle.status()).isEqualTo(206);
        assertThat(middle.bytes()).isEqualTo(Arrays.copyOfRange(content, 2, 6));
        assertThat(middle.header("content-range")).contains("bytes 2-5/" + content.length);
        requireSafe(middle);
        Reply suffix = get(path(content), "range", "bytes=-3");
        assertThat(suffix.status()).isEqualTo(206);
        assertThat(suffix.bytes()).isEqualTo(Arrays.copyOfRange(content, content.length - 3, content.length));
        Reply open = get(path(content), "range", "bytes=4-");
        assertThat(open.bytes()).isEqualTo(Arrays.copyOfRange(content, 4, content.length));
    }

    @Test
    void rangeBehindTheEndIsUnsatisfiable() {
        byte[] content = released();
        Reply reply = get(path(content), "range", "bytes=" + content.length + "-");
        assertThat(reply.status()).isEqualTo(416);
        assertThat(reply.header("content-range")).contains("bytes */" + content.length);
    }

    @Test
    void headGivesTheHeadersAlone() {
        byte[] content = released();
        Reply reply = send(HttpRequest.newBuilder(uri(path(content))).HEAD());
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.bytes()).isEmpty();
        assertThat(reply.header("content-length")).contains(Integer.toString(content.length));
        assertThat(reply.header("etag")).isPresent();
    }

    @Test
    void knownTagIsAnsweredWithNotModified() {
        byte[] content = released();
        Reply reply = get(path(content), "if-none-match", "\"" + Digest.of(content) + "\"");
        assertThat(reply.status()).isEqualTo(304);
        assertThat(reply.bytes()).isEmpty();
        assertThat(get(path(content), "if-none-match", "\"other\"").status()).isEqualTo(200);
    }

    @Test
    void uploadWithoutAReleaseIsNotServed() throws Exception {
        Author author = author();
        byte[] missing = contentOf(author, "1.0.0");
        byte[] here = contentOf(author, "1.0.1");
        publish(author, author.release("1.0.0", missing)).json(202);
        SignedPackageRecord second = author.release("1.0.1", here);
        publish(author, second).json(202);
        assertThat(upload(author, second, here).json(201).get("state").asString())
                .isEqualTo("processing");
        for (byte[] content : new byte[][] {missing, here, {1, 2, 3}}) {
            Digest digest = Digest.of(content);
            get(path(content)).requireError(404, "\"type\":\"contentDigest\",\"id\":\"" + digest + "\"");
            get(WargPaths.contentSources(digest))
                    .requireError(404, "\"type\":\"contentDigest\",\"id\":\"" + digest + "\"");
        }
    }

    @Test
    void yankedContentIsStillServed() {
        Author author = author();
        release(author, "1.0.0");
        publish(author, author.yank("1.0.0")).json(202);
        assertThat(get(path(contentOf(author, "1.0.0"))).status()).isEqualTo(200);
    }

    @Test
    void sourcesAreAbsoluteUrlsThatServeTheContent() {
        byte[] content = released();
        JsonNode json = get(WargPaths.contentSources(Digest.of(content))).json(200);
        JsonNode source =
                json.get("contentSources").get(Digest.of(content).toString()).get(0);
        assertThat(source.get("url").asString()).isEqualTo(uri(path(content)).toString());
        assertThat(source.get("size").asLong()).isEqualTo(content.length);
        assertThat(source.get("acceptRanges").asBoolean()).isTrue();
    }

    @Test
    void hostHeaderNeverReachesAUrlThatWeGiveOut() throws Exception {
        byte[] content = released();
        String reply = RawHttp.send(
                port,
                "GET /" + WargPaths.contentSources(Digest.of(content))
                        + " HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: evil.example\r\nConnection: close\r\n\r\n");
        assertThat(reply).startsWith("HTTP/1.1 200").contains(path(content)).doesNotContain("evil.example");
    }

    @Test
    void malformedDigestIsRefused() {
        get("v1/content/sha256:00").requireMessage(400, "digest");
    }

    @ParameterizedTest
    @ValueSource(strings = {"content/x", "content/sha256-", "content/sha256-00", "content/sha512-00"})
    void nameThatIsNoContentIsNotFound(String path) {
        get(path).requireMessage(404, "content lies at");
    }

    @Test
    void upperCaseNameIsNotFound() {
        byte[] content = released();
        get(path(content)
                        .replace(
                                Digest.of(content).hex(),
                                Digest.of(content).hex().toUpperCase(Locale.ROOT)))
                .json(404);
    }

    @Test
    void browserThatWantsHtmlGetsBytes() {
        byte[] content = released();
        Reply reply = get(path(content), "accept", "text/html");
        assertThat(reply.status()).isEqualTo(200);
        requireSafe(reply);
    }
}
