package dev.lair.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.api.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

@TestPropertySource(
        properties = {
            "lair.rate-limits.logins-per-minute=3",
            "lair.rate-limits.requests-per-minute=4",
            "lair.rate-limits.publishes-per-minute=2"
        })
class RateLimitTest extends ApiTest {

    private Reply login() {
        return post("api/v1/login", null, Map.of("login", "nobody-here", "password", "x"));
    }

    @Test
    void loginsOfAnAddressAreCountedAndComeBackEvenly() {
        clock.move(Duration.ofMinutes(2));
        Reply first = login().requireProblem(Problem.Kind.WRONG_CREDENTIALS);
        assertThat(first.header("ratelimit-policy")).contains("\"login\";q=3;w=60");
        assertThat(first.header("ratelimit")).contains("\"login\";r=2;t=20");
        login().requireProblem(Problem.Kind.WRONG_CREDENTIALS);
        login().requireProblem(Problem.Kind.WRONG_CREDENTIALS);
        Reply fourth = login().requireProblem(Problem.Kind.TOO_MANY_REQUESTS, "login");
        assertThat(fourth.header("retry-after")).contains("20");
        assertThat(fourth.header("ratelimit")).contains("\"login\";r=0;t=60");
        clock.move(Duration.ofSeconds(20));
        login().requireProblem(Problem.Kind.WRONG_CREDENTIALS);
        login().requireProblem(Problem.Kind.TOO_MANY_REQUESTS);
    }

    @Test
    void publishesAreCountedApartAndTheQuestionHowOneStandsIsNone() {
        String owner = account(unique("owner"));
        String token = apiToken(owner, List.of("publish-new", "read"), List.of());
        String version = "api/v1/packages/" + namespace(unique("acme"), owner) + "/x/versions/1.0.0";
        for (int i = 0; i < 2; i++) {
            Reply reply = post(version, token, "{}").requireProblem(Problem.Kind.DIGEST_NEEDED);
            assertThat(reply.header("ratelimit-policy")).contains("\"publish\";q=2;w=60");
        }
        post(version, token, "{}").requireProblem(Problem.Kind.TOO_MANY_REQUESTS, "publish");
        get(version + "/publish-status/rel_x", token).requireProblem(Problem.Kind.NOT_FOUND);
    }

    @Test
    void eachCredentialHasACountOfItsOwnAndWhoHasNoneReadsOn() {
        String one = apiToken(account(unique("ann")), List.of("read"), List.of());
        String two = apiToken(account(unique("bob")), List.of("read"), List.of());
        for (int i = 0; i < 4; i++) {
            get("log/checkpoint", one).require(200);
        }
        get("log/checkpoint", one).require(429);
        get("api/v1/account", one).requireProblem(Problem.Kind.TOO_MANY_REQUESTS, "request");
        get("log/checkpoint", two).require(200);
        for (int i = 0; i < 10; i++) {
            assertThat(get("log/checkpoint", null).require(200).header("ratelimit"))
                    .isEmpty();
        }
    }
}
