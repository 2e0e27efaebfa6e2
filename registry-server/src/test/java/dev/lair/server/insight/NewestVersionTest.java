package dev.lair.server.insight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.VersionRange;
import dev.lair.registry.api.ApiPaths;
import dev.lair.registry.api.DigestField;
import dev.lair.registry.api.Problem;
import dev.lair.server.Author;
import dev.lair.server.Wasm;
import dev.lair.server.publish.PublishRequest;
import dev.lair.transparency.Digest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code latest} and ranges in place of a version, for people with curl. */
class NewestVersionTest extends InsightTest {

    private static String at(Author author, String range, String suffix) {
        String encoded = URLEncoder.encode(range, StandardCharsets.UTF_8).replace("+", "%20");
        return ApiPaths.PACKAGES + "/" + author.name().namespace() + "/"
                + author.name().name() + "/versions/" + encoded + suffix;
    }

    private String location(Author author, String range, String suffix) {
        Reply reply = get(at(author, range, suffix));
        assertThat(reply.status()).as(range + " " + reply.text()).isEqualTo(302);
        assertThat(reply.header("cache-control")).contains("max-age=60, public");
        return reply.header("location").orElseThrow();
    }

    private Author released(String name, String... versions) throws Exception {
        Author author = Author.of(name, clock);
        for (String version : versions) {
            release(author, version, Wasm.coreModule(name + version));
        }
        return author;
    }

    @Test
    void rangeLeadsToItsNewestVersionThatIsNotYanked() throws Exception {
        Author author =
                released("test:ranged", "0.9.0", "1.2.0", "1.10.0", "1.3.0", "1.11.0", "2.0.0-rc.1", "2.0.0-rc.2");
        publishing.publish(new PublishRequest(author.name(), author.yank("1.11.0")));
        for (List<String> pair : List.of(
                List.of("latest", "1.10.0"),
                List.of("*", "1.10.0"),
                List.of("1", "1.10.0"),
                List.of("1.x", "1.10.0"),
                List.of("1.2", "1.2.0"),
                List.of("^1.2", "1.10.0"),
                List.of("~1.2.0", "1.2.0"),
                List.of(">=1 <1.10", "1.3.0"),
                List.of("<1", "0.9.0"),
                List.of("=1.3.0", "1.3.0"),
                List.of(">=2.0.0-rc.1", "2.0.0-rc.2"))) {
            for (String suffix : List.of("", "/wit", "/wit.json")) {
                assertThat(location(author, pair.getFirst(), suffix))
                        .as(pair.getFirst())
                        .endsWith("/" + path(author, pair.getLast()) + suffix);
            }
        }
        assertThat(get(at(author, "1.11.0", ""))
                        .requireOk()
                        .json()
                        .get("yanked")
                        .asBoolean())
                .as("an exact version is told of as before")
                .isTrue();
    }

    @Test
    void contentOfARangeIsAtItsDigestWhichTheReplySays() throws Exception {
        Author author = released("test:ranged-content", "1.0.0", "1.1.0");
        Digest newest = Digest.of(Wasm.coreModule("test:ranged-content1.1.0"));
        for (String version : List.of("latest", "^1", "1.1.0")) {
            Reply reply = get(at(author, version, "/content"));
            assertThat(location(author, version, "/content")).endsWith("/content/sha256-" + newest.hex());
            assertThat(reply.header("repr-digest")).contains(DigestField.format(newest));
            assertThat(reply.header("link").orElseThrow()).contains(path(author, "1.1.0") + ">; rel=\"describedby\"");
        }
    }

    @Test
    void latestOfPreReleasesAloneIsTheNewestOfThem() throws Exception {
        Author author = released("test:unstable", "1.0.0-alpha", "1.0.0-beta");
        assertThat(location(author, "latest", "")).endsWith("1.0.0-beta");
        get(at(author, "*", "")).requireProblem(Problem.Kind.NO_SUCH_RELEASE);
    }

    @Test
    void noMatchSaysWhichVersionsThereAre() throws Exception {
        List<String> versions = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            versions.add("1.0." + i);
        }
        Author author = released("test:matchless", versions.toArray(String[]::new));
        publishing.publish(new PublishRequest(author.name(), author.yank("1.0.11")));
        Reply reply = get(at(author, "^2", ""));
        reply.requireProblem(Problem.Kind.NO_SUCH_RELEASE);
        assertThat(reply.json().get("detail").asString())
                .contains("`^2`", "1.0.11 (yanked), 1.0.10, ", "1.0.2, …")
                .doesNotContain("1.0.1,");
        Reply nothing = get(ApiPaths.PACKAGES + "/test/nothing-at-all/versions/latest/content");
        nothing.requireProblem(Problem.Kind.NO_SUCH_RELEASE);
        assertThat(nothing.json().get("detail").asString()).contains("no releases");
    }

    @Test
    void whatIsNoRangeAndWhatIsTooLongIsNoRelease() throws Exception {
        Author author = released("test:malformed", "1.0.0");
        for (String range : List.of("newest", "1 || 2", "^", "1.0.0.0", "x".repeat(VersionRange.MAX_CHARACTERS + 1))) {
            Reply reply = get(at(author, range, ""));
            reply.requireProblem(Problem.Kind.NO_SUCH_RELEASE);
            assertThat(reply.json().get("detail").asString().length()).isLessThan(400);
        }
    }
}
