package dev.lair.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.registry.api.ApiPaths;
import dev.lair.registry.api.DigestField;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.server.Author;
import dev.lair.server.access.ApiTest;
import dev.lair.server.publish.Publication;
import dev.lair.server.publish.PublishRequest;
import dev.lair.server.publish.PublishService;
import dev.lair.transparency.Digest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.springframework.beans.factory.annotation.Autowired;

/** Reading pages over HTTP: each is held against {@link InertPage} and the budget as it comes in. */
abstract class ReadingTest extends ApiTest {

    /** Bytes of a page as it is sent with compression (issue 6). */
    static final int BUDGET = 40_000;

    @Autowired
    PublishService publishing;

    /** What a browser gets. */
    Reply fetch(String path) {
        return send(request(path.startsWith("/") ? path.substring(1) : path)
                .header("accept", "text/html,application/xhtml+xml,*/*;q=0.8")
                .GET());
    }

    Document page(String path) {
        return page(path, 200);
    }

    Document page(String path, int status) {
        Reply reply = fetch(path).require(status);
        assertThat(reply.header("content-type").orElseThrow()).isEqualToIgnoringCase("text/html;charset=UTF-8");
        assertThat(reply.header("content-security-policy").orElseThrow())
                .contains("script-src 'self'")
                .doesNotContain("unsafe");
        assertThat(reply.response().headers().allValues("x-frame-options")).containsExactly("DENY");
        assertThat(compressed(reply.response().body())).as(path).isLessThanOrEqualTo(BUDGET);
        Document page = Jsoup.parse(reply.text(), "http://registry.invalid" + path);
        InertPage.require(page);
        return page;
    }

    static int compressed(byte[] body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.size();
    }

    /** Releases with the author's own key, in the namespace {@code test}. */
    SignedPackageRecord release(Author author, String version, byte[] content) {
        return publish(author, author.release(version, content), content);
    }

    SignedPackageRecord publish(Author author, SignedPackageRecord record, byte[] content) {
        try {
            if (publishing.publish(new PublishRequest(author.name(), record)) instanceof Publication.Sourcing) {
                publishing.upload(author.log(), record.id(), Digest.of(content), new ByteArrayInputStream(content));
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        assertThat(publishing.status(author.log(), record.id())).get().isInstanceOf(Publication.Published.class);
        return record;
    }

    /** A namespace of somebody who may do everything in it. */
    String namespaceOf(String token) {
        String name = unique("read");
        post(ApiPaths.NAMESPACES, token, Map.of("name", name)).json(201);
        return name;
    }

    /** Releases through the door of the API. */
    void release(String token, String name, String version, byte[] content) {
        HttpRequest.Builder request = request(ApiPaths.version(PackageName.parse(name), SemVer.parse(version)))
                .header("content-type", "application/wasm")
                .header("content-digest", DigestField.format(Digest.of(content)))
                .header("authorization", "Bearer " + token)
                .POST(HttpRequest.BodyPublishers.ofByteArray(content));
        send(request).require(201);
    }
}
