package dev.lair.server.login;

import dev.lair.registry.api.ApiPaths;
import dev.lair.registry.api.PeopleDocuments;
import dev.lair.server.access.Access;
import dev.lair.server.access.Act;
import dev.lair.server.access.JsonBody;
import dev.lair.server.account.Requester;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/v1/account/identities}; see {@link Identities}. */
@RestController
class IdentityController {

    private final Identities identities;

    IdentityController(Identities identities) {
        this.identities = identities;
    }

    @Access(Act.SEE_IDENTITIES)
    @GetMapping("/" + ApiPaths.IDENTITIES)
    ResponseEntity<byte[]> list(Requester requester) {
        Identities.All all = identities.list(requester);
        return JsonBody.ok(new PeopleDocuments.Identities(
                all.identities().stream()
                        .map(each -> new PeopleDocuments.Identity(
                                each.id(),
                                each.provider().orElse(null),
                                each.identity().issuer(),
                                each.identity().shown(),
                                each.identity().linkedAt().toString()))
                        .toList(),
                all.password()));
    }

    @Access(Act.MANAGE_IDENTITIES)
    @DeleteMapping("/" + ApiPaths.IDENTITY)
    ResponseEntity<byte[]> remove(@PathVariable String id, Requester requester) {
        identities.remove(requester, id);
        return JsonBody.done();
    }
}
