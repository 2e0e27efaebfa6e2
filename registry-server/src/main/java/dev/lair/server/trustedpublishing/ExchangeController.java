package dev.lair.server.trustedpublishing;

import dev.lair.registry.api.ApiPaths;
import dev.lair.registry.api.PublisherDocuments;
import dev.lair.server.access.Access;
import dev.lair.server.access.Act;
import dev.lair.server.access.JsonBody;
import dev.lair.server.account.Requester;
import java.io.InputStream;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/v1/trusted-publishing}: identity tokens of CI jobs for tokens of this registry; see {@link TokenExchange}. */
@RestController
class ExchangeController {

    private final TokenExchange exchange;
    private final Audience audience;

    ExchangeController(TokenExchange exchange, Audience audience) {
        this.exchange = exchange;
        this.audience = audience;
    }

    @Access(Act.OPEN)
    @GetMapping("/" + ApiPaths.TRUSTED_AUDIENCE)
    ResponseEntity<byte[]> audience() {
        exchange.requireEnabled();
        return JsonBody.ok(new PublisherDocuments.Audience(audience.value()));
    }

    @Access(Act.EXCHANGE_TOKEN)
    @PostMapping("/" + ApiPaths.TRUSTED_TOKEN)
    ResponseEntity<byte[]> exchange(InputStream in, Requester requester) {
        return JsonBody.ok(exchange.exchange(requester, JsonBody.read(in, PublisherDocuments.Exchange.class)));
    }

    @Access(Act.END_TRUSTED)
    @DeleteMapping("/" + ApiPaths.TRUSTED_TOKEN)
    ResponseEntity<byte[]> giveUp(Requester requester) {
        exchange.giveUp(requester);
        return JsonBody.done();
    }
}
