package dev.lair.server.ledger;

import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.registry.warg.WargBodies.PublishRequest;
import dev.lair.registry.warg.WargBodies.RecordBody;
import dev.lair.registry.warg.WargBodies.RecordStatus;
import dev.lair.registry.warg.WargJson;
import dev.lair.registry.warg.WargPaths;
import dev.lair.server.Author;
import dev.lair.server.Wasm;
import dev.lair.transparency.Digest;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;

/** The author of one package, who publishes over HTTP, one release after the other, and looks at the checkpoint each time. */
final class WireAuthor {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final int NAMED_SECTION = 100;

    private final Author author;
    private int released;

    WireAuthor(String name) {
        author = Author.of(name, Clock.systemUTC());
    }

    /** A component of about this size. */
    private static byte[] content(String name, int sizeBytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(Wasm.component(name));
        for (int section = 0; out.size() < sizeBytes; section++) {
            byte[] more = Wasm.component(name + " " + "x".repeat(NAMED_SECTION / 2) + section);
            out.write(more, 8, more.length - 8);
        }
        return out.toByteArray();
    }

    /** Publishes so many releases, each with a content of its own; answers how many replies promised something. */
    int release(URI server, int count) throws Exception {
        int promises = 0;
        for (int i = 0; i < count; i++) {
            byte[] content = content(author.name() + "-" + released, 300 + 2500 * (released % 4));
            SignedPackageRecord record = author.release("1.0." + released++, content);
            PublishRequest request =
                    new PublishRequest(author.name().toString(), RecordBody.of(record.envelope()), null);
            RecordStatus status = post(server.resolve(WargPaths.publishRecord(author.log())), WargJson.write(request));
            promises++;
            if (status.state() == RecordStatus.State.SOURCING) {
                post(server.resolve(WargPaths.uploadContent(author.log(), record.id(), Digest.of(content))), content);
                promises++;
            }
            send(HttpRequest.newBuilder(server.resolve("v1/fetch/checkpoint")));
            promises++;
        }
        return promises;
    }

    private static RecordStatus post(URI uri, byte[] body) throws Exception {
        return WargJson.readReply(
                send(HttpRequest.newBuilder(uri)
                        .header("content-type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))),
                RecordStatus.class);
    }

    private static byte[] send(HttpRequest.Builder request) throws Exception {
        HttpResponse<byte[]> reply =
                HTTP.send(request.timeout(Duration.ofSeconds(60)).build(), HttpResponse.BodyHandlers.ofByteArray());
        if (reply.statusCode() / 100 != 2) {
            throw new AssertionError(reply.statusCode() + ": " + new String(reply.body(), StandardCharsets.UTF_8));
        }
        return reply.body();
    }
}
