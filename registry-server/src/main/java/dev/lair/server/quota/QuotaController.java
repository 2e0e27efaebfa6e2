package dev.lair.server.quota;

import dev.lair.registry.MalformedNameException;
import dev.lair.registry.Namespace;
import dev.lair.registry.api.ApiPaths;
import dev.lair.registry.api.Problem;
import dev.lair.registry.api.QuotaDocuments;
import dev.lair.server.access.Access;
import dev.lair.server.access.Act;
import dev.lair.server.access.JsonBody;
import dev.lair.server.account.Requester;
import dev.lair.server.problem.ProblemException;
import java.io.InputStream;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/v1/namespaces/{namespace}/quota}: owners look, administrators decide. */
@RestController
class QuotaController {

    private final NamespaceQuotas quotas;

    QuotaController(NamespaceQuotas quotas) {
        this.quotas = quotas;
    }

    @Access(Act.SEE_QUOTA)
    @GetMapping("/" + ApiPaths.NAMESPACE_QUOTA)
    ResponseEntity<byte[]> get(@PathVariable String namespace) {
        return JsonBody.ok(quotas.of(parse(namespace)));
    }

    @Access(Act.ADMIN)
    @PutMapping("/" + ApiPaths.NAMESPACE_QUOTA)
    ResponseEntity<byte[]> set(@PathVariable String namespace, InputStream in, Requester requester) {
        return JsonBody.ok(quotas.set(requester, parse(namespace), JsonBody.read(in, QuotaDocuments.NewQuota.class)));
    }

    private static Namespace parse(String text) {
        try {
            return new Namespace(text);
        } catch (MalformedNameException e) {
            throw new ProblemException(Problem.Kind.NO_SUCH_NAMESPACE, String.valueOf(e.getMessage()));
        }
    }
}
