package dev.lair.server.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;

/** What counts as a download (docs/OPERATIONS.md, "Download counts"). */
class DownloadRuleTest {

    private static MockHttpServletRequest get() {
        return get("wkg/0.13.0");
    }

    private static MockHttpServletRequest get(String agent) {
        MockHttpServletRequest request = new MockHttpServletRequest("GET", "/content/sha256-" + "0".repeat(64));
        request.addHeader("User-Agent", agent);
        return request;
    }

    private static MockHttpServletRequest range(String range) {
        MockHttpServletRequest request = get();
        request.addHeader("Range", range);
        return request;
    }

    @Test
    void theWholeContentAndTheWayToItsBucketAreDownloads() {
        assertThat(DownloadCount.isDownload(get(), 200)).isTrue();
        assertThat(DownloadCount.isDownload(get(), 307)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {304, 404, 416, 429, 500, 503})
    void anAnswerWithoutTheContentIsNone(int status) {
        assertThat(DownloadCount.isDownload(get(), status)).isFalse();
    }

    @Test
    void aLookAtTheHeadersIsNone() {
        MockHttpServletRequest head = get();
        head.setMethod("HEAD");
        assertThat(DownloadCount.isDownload(head, 200)).isFalse();
    }

    @Test
    void aPartCountsOnlyFromTheFirstByteOn() {
        assertThat(DownloadCount.isDownload(range("bytes=0-"), 206)).isTrue();
        assertThat(DownloadCount.isDownload(range("bytes=0-1023"), 206)).isTrue();
        assertThat(DownloadCount.isDownload(range("bytes=1024-"), 206)).isFalse();
        assertThat(DownloadCount.isDownload(range("bytes=-100"), 206)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "Mozilla/5.0 (compatible; Googlebot/2.1)",
                "lair-monitor/0.1",
                "SomeCrawler",
                "registry-mirror/2",
                "kube-probe health check"
            })
    void robotsAreNotCounted(String agent) {
        assertThat(DownloadCount.isDownload(get(agent), 200)).isFalse();
    }

    @Test
    void whoSaysNothingAboutItselfIsNotCounted() {
        assertThat(DownloadCount.isDownload(new MockHttpServletRequest("GET", "/"), 200))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"wkg/0.13.0", "oras/1.2.0", "curl/8.5.0", "lair/0.1.0", "Java-http-client/25", "cargo 1.91.0"})
    void clientsAreCounted(String agent) {
        assertThat(DownloadCount.isDownload(get(agent), 200)).isTrue();
    }
}
