package dev.lair.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.api.ApiJson;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.test.context.TestPropertySource;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

@TestPropertySource(properties = "lair.access=private")
class PrivateReadsTest extends ApiTest {

    @Autowired
    @Qualifier("requestMappingHandlerMapping")
    RequestMappingHandlerMapping mappings;

    /** As {@code GET log/checkpoint}. */
    private List<String> reads() {
        return doors(Act.READ);
    }

    private List<String> doors(Act act) {
        return mappings.getHandlerMethods().entrySet().stream()
                .filter(entry -> {
                    Access access = entry.getValue().getMethodAnnotation(Access.class);
                    return access != null && access.value() == act;
                })
                .flatMap(entry -> entry.getKey().getPatternValues().stream()
                        .map(path -> entry.getKey()
                                        .getMethodsCondition()
                                        .getMethods()
                                        .iterator()
                                        .next() + " "
                                + path.substring(1)
                                        .replace("**", "000")
                                        .replaceAll("\\{\\w+:[^}]*:[^}]*}", "test:x")
                                        .replaceAll("\\{[^}]*}", "x")))
                .toList();
    }

    @Test
    void everyDoorAsksWhoReads() {
        String login = account(unique("ann"));
        String reading = apiToken(login, List.of("read"), List.of());
        String other = apiToken(login, List.of("yank"), List.of());
        assertThat(reads()).hasSizeGreaterThan(20);
        for (String read : reads()) {
            String method = read.substring(0, read.indexOf(' '));
            String path = read.substring(read.indexOf(' ') + 1);
            String body = method.equals("GET") ? null : "{}";
            Reply refused = send(method, path, null, body);
            assertThat(refused.status()).as(read).isEqualTo(401);
            assertThat(refused.header("www-authenticate")).as(read).isPresent();
            // Each door in its own form.
            assertThat(refused.header("content-type"))
                    .as(read)
                    .contains(path.startsWith("api/") ? ApiJson.PROBLEM_TYPE : ApiJson.CONTENT_TYPE);
            assertThat(send(method, path, other, body).status()).as(read).isEqualTo(403);
            assertThat(send(method, path, reading, body).status()).as(read).isNotIn(401, 403);
            assertThat(send(method, path, session(login), body).status())
                    .as(read)
                    .isNotIn(401, 403);
        }
    }

    /** Nobody may leave a record, or bytes, who may not even read: a signature is no membership. */
    @Test
    void whoHandsInARecordOrItsContentIsAskedToo() {
        String login = account(unique("ann"));
        String reading = apiToken(login, List.of("read"), List.of());
        String other = apiToken(login, List.of("yank"), List.of());
        assertThat(doors(Act.HAND_IN))
                .containsExactlyInAnyOrder(
                        "POST v1/package/x/record",
                        "POST v1/package/x/record/x/content/x",
                        "POST api/v1/operator/records");
        for (String door : doors(Act.HAND_IN)) {
            String path = door.substring(door.indexOf(' ') + 1);
            Reply refused = send("POST", path, null, "{}");
            assertThat(refused.status()).as(door).isEqualTo(401);
            assertThat(refused.header("www-authenticate")).as(door).isPresent();
            assertThat(send("POST", path, other, "{}").status()).as(door).isEqualTo(403);
            assertThat(send("POST", path, reading, "{}").status()).as(door).isNotIn(401, 403);
        }
    }

    /** Replies say that caches may keep them, and a shared cache must not hand them to whoever comes next. */
    @Test
    void noCacheHandsAReadToSomebodyElse() {
        String reading = apiToken(account(unique("ann")), List.of("read"), List.of());
        for (String path : List.of("log/checkpoint", "log/tile/0/000.p/1", "v1/fetch/checkpoint")) {
            Reply reply = get(path, reading).require(200);
            assertThat(reply.response().headers().allValues("vary"))
                    .as(path)
                    .anyMatch(vary -> vary.contains("Authorization"));
        }
    }

    @Test
    void whatNamesTheRegistryIsToldToEverybody() {
        for (String path : List.of("health", "config.json", ".well-known/wasm-pkg/registry.json")) {
            get(path, null).require(200);
        }
    }
}
