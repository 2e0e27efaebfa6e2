package dev.lair.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.storage.postgres.FreshDatabase;
import dev.lair.storage.postgres.PostgresServer;
import dev.lair.transparency.Digest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code lair.s3.redirect-downloads}: released contents come from the bucket, by URLs that work for a while. */
class DirectDownloadIT {

    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(30);

    /** More than one part of an upload to a bucket, which has 64 MiB. */
    private static final int LARGE_BYTES = 65 << 20;

    @TempDir
    Path work;

    private final Processes processes = new Processes();
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void stop() {
        processes.close();
        http.close();
    }

    private <T> HttpResponse<T> get(URI url, HttpResponse.BodyHandler<T> body) throws Exception {
        return http.send(HttpRequest.newBuilder(url).timeout(ANSWER_WITHIN).build(), body);
    }

    @Test
    void releasedContentsAreFetchedFromTheBucketAndUnreleasedOnesAreNot() throws Exception {
        try (FreshDatabase database = PostgresServer.orSkip().createDatabase()) {
            SharedStore store = SharedStore.of(work, database.settings());
            ServerProcess node =
                    store.node("a").set("lair.s3.redirect-downloads", "5m").start(processes);
            byte[] payload = new byte[LARGE_BYTES];
            new Random(20261121).nextBytes(payload);
            byte[] large = Wasm.module(payload);
            PackageAuthor author = new PackageAuthor(Keys.BOB, "test:large");
            node.registry().publish(author.name(), author.release("1.0.0", large), large);

            Digest digest = Digest.of(large);
            URI url = URI.create(node.registry().contentUrl(digest));
            HttpResponse<Void> redirect = get(url, HttpResponse.BodyHandlers.discarding());
            assertThat(redirect.statusCode()).isEqualTo(307);
            assertThat(redirect.headers().firstValue("cache-control")).contains("no-store");
            URI direct = url.resolve(redirect.headers().firstValue("location").orElseThrow());
            assertThat(direct.getAuthority()).isNotEqualTo(url.getAuthority());
            assertThat(direct.getRawQuery()).contains("X-Amz-Signature=").contains("X-Amz-Expires=300");
            HttpResponse<byte[]> bytes = get(direct, HttpResponse.BodyHandlers.ofByteArray());
            assertThat(bytes.statusCode()).isEqualTo(200);
            assertThat(Digest.of(bytes.body())).isEqualTo(digest);
            URI unsigned = URI.create(direct.toString().replaceAll("\\?.*", ""));
            assertThat(get(unsigned, HttpResponse.BodyHandlers.discarding()).statusCode())
                    .as("without the signature")
                    .isEqualTo(403);

            Path pulled = work.resolve("pulled.wasm");
            new LairClient(work.resolve("client"), node.url())
                    .exits(0, "pull", "test:large@1.0.0", "-o", pulled.toString());
            assertThat(Files.mismatch(pulled, Files.write(work.resolve("published.wasm"), large)))
                    .isEqualTo(-1);

            byte[] other = Wasm.module("never released");
            URI unknown = URI.create(url.toString()
                    .replace(
                            digest.toString().substring("sha256:".length()),
                            Digest.of(other).toString().substring("sha256:".length())));
            assertThat(get(unknown, HttpResponse.BodyHandlers.discarding()).statusCode())
                    .isEqualTo(404);
            store.requireClean();
        }
    }
}
