package dev.lair.server.access;

import dev.lair.registry.api.AccountDocuments;
import dev.lair.registry.api.ApiPaths;
import dev.lair.server.account.ApiTokens;
import dev.lair.server.account.Requester;
import dev.lair.storage.registry.TokenRows.Token;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/v1/tokens}: the API tokens of the account that asks. */
@RestController
class TokenController {

    private final ApiTokens tokens;

    TokenController(ApiTokens tokens) {
        this.tokens = tokens;
    }

    @Access(Act.SEE_TOKENS)
    @GetMapping("/" + ApiPaths.TOKENS)
    ResponseEntity<byte[]> list(Requester requester) {
        return JsonBody.ok(new AccountDocuments.Tokens(tokens.list(requester).stream()
                .map(token -> document(token, null))
                .toList()));
    }

    @Access(Act.CREATE_TOKEN)
    @PostMapping("/" + ApiPaths.TOKENS)
    ResponseEntity<byte[]> create(InputStream in, Requester requester) {
        AccountDocuments.NewToken body = JsonBody.read(in, AccountDocuments.NewToken.class);
        List<String> packages = body.packages();
        ApiTokens.Created created = tokens.create(
                requester, body.label(), body.scopes(), packages == null ? List.of() : packages, body.expiresInDays());
        return JsonBody.reply(
                HttpStatus.CREATED, document(created.token(), created.text().secret()));
    }

    @Access(Act.SEE_TOKENS)
    @DeleteMapping("/" + ApiPaths.TOKEN)
    ResponseEntity<byte[]> revoke(@PathVariable String id, Requester requester) {
        tokens.revoke(requester, id);
        return JsonBody.done();
    }

    private static AccountDocuments.Token document(Token token, @Nullable String secret) {
        return new AccountDocuments.Token(
                token.id(),
                secret,
                token.label(),
                token.scopes(),
                token.packages(),
                token.createdAt().toString(),
                token.expiresAt().toString(),
                token.lastUsedAt().map(Instant::toString).orElse(null));
    }
}
