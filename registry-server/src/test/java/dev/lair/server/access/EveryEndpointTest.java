package dev.lair.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.api.ApiPaths;
import dev.lair.server.warg.Contract;
import dev.lair.storage.registry.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * Every endpoint of the server, and who is let in: {@code +} gets past the door (whatever is said to an empty body then),
 * {@code -} is answered 401 or 403. Nobody gets past the door of {@code POST /login} without its form. An endpoint that is not in the table fails, and so does a row without an endpoint.
 */
class EveryEndpointTest extends ApiTest {

    /** Columns: anonymous, reader, publisher, maintainer, owner, owner of another namespace, administrator, trusted token. */
    private static final String TABLE = """
            ++++++++ GET /.well-known/wasm-pkg/registry.json
            ++++++++ GET /blob/sha256/{hex}
            ++++++++ GET /changes/{segment}.ndjson
            ++++++++ GET /config.json
            ++++++++ GET /content/{file}
            ++++++++ GET /evidence/checkpoint
            ++++++++ GET /evidence/tile/**
            ++++++++ GET /iface/{namespace}/{packageName}/{item}/{track}
            ++++++++ GET /iface/{namespace}/{packageName}/{item}/{track}/{page}
            ++++++++ GET /index/{namespace}/{name}
            ++++++++ GET /health
            ++++++++ GET /health/live
            ++++++++ GET /health/ready
            ++++++++ GET /log/checkpoint
            ++++++++ GET /log/tile/**
            ++++++++ GET /package/{namespace}/{name}/{version}.json
            ++++++++ GET /package/{namespace}/{name}/{version}.attestations.json
            ++++++++ GET /package/{namespace}/{name}/{version}.tlog-proof
            ++++++++ GET /proof/map/{namespace}/{name}
            ++++++++ GET /proof/record/sha256-{hex}.tlog-proof
            ++++++++ GET /records/**
            ++++++++ GET /v1/content/{digest}
            ++++++++ GET /v1/fetch/checkpoint
            ++++++++ POST /v1/fetch/logs
            ++++++++ POST /v1/fetch/names
            ++++++++ GET /v1/ledger
            ++++++++ GET /v1/ledger/records/{start}
            ++++++++ POST /v1/package/{logId}/record
            ++++++++ GET /v1/package/{logId}/record/{recordId}
            ++++++++ POST /v1/package/{logId}/record/{recordId}/content/{digest}
            ++++++++ POST /v1/proof/consistency
            ++++++++ POST /v1/proof/inclusion
            ++++++++ POST /v1/verify/checkpoint
            ++++++++ POST /api/v1/operator/records
            ++++++++ GET /api/v1/interfaces
            ++++++++ GET /api/v1/interfaces/{namespace}/{packageName}/{item}/{track}
            ++++++++ GET /api/v1/packages
            ++++++++ GET /api/v1/packages/{namespace}/{name}
            ++++++++ GET /api/v1/packages/{namespace}/{name}/dependants
            ++++++++ GET /api/v1/packages/{namespace}/{name}/versions
            ++++++++ GET /api/v1/packages/{namespace}/{name}/versions/{version}
            ++++++++ GET /api/v1/packages/{namespace}/{name}/versions/{version}/wit
            ++++++++ GET /api/v1/packages/{namespace}/{name}/versions/{version}/wit.json
            --+++--+ POST /api/v1/packages/{namespace}/{name}/versions/{version}
            --+++--+ POST /api/v1/packages/{namespace}/{name}/versions/{version}/uploads
            --+++--+ PUT /api/v1/packages/{namespace}/{name}/versions/{version}/uploads/{id}/content
            --+++--+ PUT /api/v1/packages/{namespace}/{name}/versions/{version}/uploads/{id}/readme
            --+++--+ POST /api/v1/packages/{namespace}/{name}/versions/{version}/uploads/{id}/publish
            -+++++++ GET /api/v1/packages/{namespace}/{name}/versions/{version}/publish-status/{id}
            ++++++++ GET /api/v1/packages/{namespace}/{name}/versions/{version}/attestations
            ++++++++ GET /api/v1/packages/{namespace}/{name}/versions/{version}/content
            ++++++++ GET /api/v1/packages/{namespace}/{name}/versions/{version}/readme
            ---++--- POST /api/v1/packages/{namespace}/{name}/versions/{version}/yank
            --+++--+ GET /api/v1/packages/{namespace}/{name}/custody
            ----+--- POST /api/v1/packages/{namespace}/{name}/custody/takeover
            ----+--- PUT /api/v1/packages/{namespace}/{name}/rules
            ++++++++ GET /api/v1/search
            ++++++++ GET /api/v1/search/suggest
            ++++++++ POST /api/v1/login
            ++++++++ POST /api/v1/login/device
            ++++++++ POST /api/v1/login/device/token
            -++++++- POST /api/v1/login/device/approve
            ++++++++ GET /api/v1/login/providers
            ++++++++ GET /login/with/{provider}
            ++++++++ GET /login/with/{provider}/callback
            -+++++++ GET /api/v1/account
            -++++++- GET /api/v1/account/identities
            -++++++- DELETE /api/v1/account/identities/{id}
            -++++++- GET /api/v1/organisations
            -++++++- POST /api/v1/organisations
            -++++++- GET /api/v1/organisations/{organisation}
            -++++++- PUT /api/v1/organisations/{organisation}/members/{login}
            -++++++- DELETE /api/v1/organisations/{organisation}/members/{login}
            ------+- GET /api/v1/accounts
            ------+- POST /api/v1/accounts/{login}/freeze
            ------+- POST /api/v1/accounts/{login}/unfreeze
            ------+- POST /api/v1/accounts
            -++++++- DELETE /api/v1/session
            -++++++- GET /api/v1/tokens
            -++++++- POST /api/v1/tokens
            -++++++- DELETE /api/v1/tokens/{id}
            -++++++- GET /api/v1/namespaces
            -++++++- POST /api/v1/namespaces
            ++++++++ GET /api/v1/namespaces/{namespace}
            ----+--- PATCH /api/v1/namespaces/{namespace}
            ----+--- PUT /api/v1/namespaces/{namespace}/members/{login}
            ----+--- DELETE /api/v1/namespaces/{namespace}/members/{login}
            ----+--- POST /api/v1/namespaces/{namespace}/transfer
            ------+- POST /api/v1/namespaces/{namespace}/approve
            ------+- POST /api/v1/namespaces/{namespace}/reject
            ----+-+- GET /api/v1/namespaces/{namespace}/quota
            ------+- PUT /api/v1/namespaces/{namespace}/quota
            ----+-+- POST /api/v1/namespaces/{namespace}/freeze
            ----+-+- POST /api/v1/namespaces/{namespace}/unfreeze
            ------+- POST /api/v1/namespaces/{namespace}/recover
            --+++--- GET /api/v1/namespaces/{namespace}/publishers
            ---++--- POST /api/v1/namespaces/{namespace}/publishers
            --+++--- POST /api/v1/namespaces/{namespace}/publishers/test
            ---++--- DELETE /api/v1/namespaces/{namespace}/publishers/{id}
            ---++--- POST /api/v1/namespaces/{namespace}/publishers/{id}/freeze
            ---++--- POST /api/v1/namespaces/{namespace}/publishers/{id}/unfreeze
            ++++++++ GET /api/v1/trusted-publishing/audience
            ++++++++ POST /api/v1/trusted-publishing/token
            -------+ DELETE /api/v1/trusted-publishing/token
            ------+- GET /api/v1/audit
            ----+-+- GET /api/v1/audit?namespace={namespace}
            ++++++++ GET /
            ++++++++ GET /assets/{hash}/{file}
            ++++++++ GET /assets/logo.svg
            ++++++++ GET /favicon.svg
            ++++++++ GET /i/{pkg:.+:.+}/{own}
            ++++++++ GET /{release:.+:.+}
            ++++++++ GET /{release:.+:.+}/deps
            ++++++++ GET /{release:.+:.+}/diff/{range}
            ++++++++ GET /{release:.+:.+}/docs
            ++++++++ GET /{release:.+:.+}/docs/{item}
            ++++++++ GET /{release:.+:.+}/files
            ++++++++ GET /{release:.+:.+}/security
            ++++++++ GET /{release:.+:.+}/used-by
            ++++++++ GET /{release:.+:.+}/versions
            ++++++++ GET /{release:.+:.+}/wit
            ++++++++ GET /login
            -------- POST /login
            -++++++- GET /login/again
            -++++++- POST /login/again
            -++++++- GET /login/device
            -++++++- POST /login/device
            -++++++- POST /login/device/decide
            -++++++- POST /logout
            -++++++- POST /logout/everywhere
            -++++++- GET /settings/profile
            -++++++- POST /settings/profile/password
            -++++++- POST /settings/profile/identities/{id}/remove
            -++++++- GET /settings/tokens
            -++++++- POST /settings/tokens
            -++++++- POST /settings/tokens/{id}/revoke
            -++++++- GET /settings/namespaces
            -++++++- POST /settings/namespaces
            -++++++- GET /settings/namespaces/{namespace}
            ----+--- POST /settings/namespaces/{namespace}/members
            ----+--- POST /settings/namespaces/{namespace}/members/remove
            ----+--- POST /settings/namespaces/{namespace}/transfer
            ----+--- POST /settings/namespaces/{namespace}/trusted-only
            ----+-+- GET /settings/namespaces/{namespace}/audit
            --+++--- GET /settings/namespaces/{namespace}/publishers
            ---++--- POST /settings/namespaces/{namespace}/publishers
            --+++--- POST /settings/namespaces/{namespace}/publishers/test
            ---++--- POST /settings/namespaces/{namespace}/publishers/{id}/remove
            ---++--- POST /settings/namespaces/{namespace}/publishers/{id}/freeze
            ---++--- POST /settings/namespaces/{namespace}/publishers/{id}/unfreeze
            -++++++- GET /settings/publishers
            -++++++- GET /settings/audit
            ------+- GET /settings/audit/registry
            ------+- GET /settings/audit/registry?namespace={namespace}
            ++++++++ GET /search
            ++++++++ GET /n/{owner}
            ++++++++ GET /ledger
            ++++++++ GET /ledger/{index}
            ++++++++ GET /ledger/consistency
            ++++++++ GET /ledger/evidence
            ------+- GET /approvals
            ------+- POST /approvals/{namespace}/approve
            ------+- POST /approvals/{namespace}/reject
            """;

    @Autowired
    @Qualifier("requestMappingHandlerMapping")
    RequestMappingHandlerMapping mappings;

    private static Map<String, String> table() {
        Map<String, String> table = new TreeMap<>();
        TABLE.lines().forEach(line -> table.put(line.substring(9), line.substring(0, 8)));
        return table;
    }

    private TreeSet<String> served() {
        TreeSet<String> served = new TreeSet<>();
        mappings.getHandlerMethods()
                .keySet()
                .forEach(info -> info.getPatternValues()
                        .forEach(path -> info.getMethodsCondition()
                                .getMethods()
                                .forEach(method -> served.add(method + " " + path))));
        return served;
    }

    @Test
    void contractAndServerHaveTheSameOperationsOfTheLairApi() {
        TreeSet<String> api = new TreeSet<>();
        served().stream()
                .filter(operation -> operation.contains(" /" + ApiPaths.API) && !operation.contains(ApiPaths.OPERATOR))
                .forEach(operation -> api.add(Contract.shape(operation)));
        assertThat(CONTRACT.operations().stream().filter(operation -> operation.contains(" /" + ApiPaths.API)))
                .containsExactlyInAnyOrderElementsOf(api);
    }

    /** In the order of the columns; each call gets a fresh credential, since some end theirs. */
    private List<Supplier<@Nullable String>> callers(String namespace, String owner) {
        String reader = account(unique("reader"));
        String publisher = account(unique("publisher"));
        String maintainer = account(unique("maintainer"));
        String other = account(unique("other"));
        role(namespace, publisher, Role.PUBLISHER);
        role(namespace, maintainer, Role.MAINTAINER);
        namespace(unique("elsewhere"), other);
        return List.of(
                () -> null,
                () -> session(reader),
                () -> session(publisher),
                () -> session(maintainer),
                () -> session(owner),
                () -> session(other),
                () -> session("administrator"),
                () -> trustedToken(List.of(namespace + ":*")));
    }

    @Test
    void everyEndpointLetsInWhomTheTableSays() {
        String owner = account(unique("owner"));
        String namespace = namespace(unique("acme"), owner);
        List<Supplier<@Nullable String>> callers = callers(namespace, owner);
        Map<String, String> table = table();
        assertThat(served())
                .isEqualTo(new TreeSet<>(table.keySet().stream()
                        .filter(row -> !row.contains("?"))
                        .toList()));

        List<String> faults = new ArrayList<>();
        table.forEach((row, expected) -> {
            String method = row.substring(0, row.indexOf(' '));
            String path = row.substring(row.indexOf('/') + 1)
                    .replace("{namespace}", namespace)
                    .replace("{version}", "1.0.0")
                    .replace("{login}", "nobody-of-this-name")
                    .replace("**", "000")
                    .replaceAll("\\{[^}]*}", "x");
            StringBuilder seen = new StringBuilder();
            for (Supplier<@Nullable String> caller : callers) {
                int status = send(method, path, caller.get(), method.equals("GET") ? null : "{}")
                        .status();
                assertThat(status).as(row).isLessThan(500);
                seen.append(status == 401 || status == 403 ? '-' : '+');
            }
            if (!seen.toString().equals(expected)) {
                faults.add(row + " lets in " + seen + ", not " + expected);
            }
        });
        assertThat(faults).isEmpty();
    }
}
