package dev.lair.server.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.api.ApiPaths;
import dev.lair.registry.api.DigestField;
import dev.lair.server.Wasm;
import dev.lair.server.access.ApiTest;
import dev.lair.transparency.Digest;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

/** Downloads are counted on their day, once a user. */
class DownloadCountTest extends ApiTest {

    private static final String WKG = "wkg/0.13.0";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Autowired
    DownloadCount counting;

    @Autowired
    Downloads downloads;

    private Digest content;
    private byte[] bytes;

    @BeforeEach
    void release() {
        String owner = account(unique("owner"));
        String token = session(owner);
        String namespace = unique("counted");
        post(ApiPaths.NAMESPACES, token, Map.of("name", namespace)).json(201);
        bytes = Wasm.coreModule(namespace);
        content = Digest.of(bytes);
        send(request(ApiPaths.PACKAGES + "/" + namespace + "/thing/versions/1.0.0")
                        .header("content-type", "application/wasm")
                        .header("authorization", "Bearer " + token)
                        .header("content-digest", DigestField.format(content))
                        .POST(HttpRequest.BodyPublishers.ofByteArray(bytes)))
                .json(201);
        // Every address is somebody new: the clock of tests stands still.
        clock.move(Duration.ofHours(1));
    }

    private HttpRequest.Builder fetch(String agent) {
        return request("content/sha256-" + content.hex()).header("user-agent", agent);
    }

    /** Counting happens behind the reply, so it may come a moment later. */
    private void awaitCounted(long expected) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        do {
            counting.flush();
            Thread.onSpinWait();
        } while (downloads.of(content).total() < expected && System.nanoTime() < deadline);
        assertThat(downloads.of(content).total()).isEqualTo(expected);
    }

    @Test
    void aGetOfTheWholeContentIsCountedOnItsDay() {
        assertThat(send(fetch(WKG).GET()).require(200).response().body()).isEqualTo(bytes);
        awaitCounted(1);
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        List<Downloads.Day> history = downloads.history(List.of(content));
        assertThat(history).hasSize(Downloads.HISTORY_DAYS + 1).last().isEqualTo(new Downloads.Day(today, 1));
        assertThat(history.subList(0, Downloads.HISTORY_DAYS)).allMatch(day -> day.downloads() == 0);
    }

    /** Counting behind a reply that was sent, without the reply. */
    private long countedAfter(String agent) {
        MockHttpServletRequest request = new MockHttpServletRequest("GET", "/content/sha256-" + content.hex());
        request.addHeader("User-Agent", agent);
        request.setRemoteAddr("203.0.113.5");
        counting.afterCompletion(request, new MockHttpServletResponse(), this, null);
        counting.flush();
        return downloads.of(content).total();
    }

    @Test
    void theSameAddressIsCountedOnceAnHour() {
        assertThat(countedAfter(WKG)).isEqualTo(1);
        assertThat(countedAfter("curl/8.5.0")).isEqualTo(1);
        clock.move(Duration.ofMinutes(59));
        assertThat(countedAfter(WKG)).isEqualTo(1);
        clock.move(Duration.ofMinutes(2));
        assertThat(countedAfter(WKG)).isEqualTo(2);
    }
}
