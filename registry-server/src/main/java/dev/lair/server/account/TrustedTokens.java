package dev.lair.server.account;

import dev.lair.registry.api.TokenText;
import java.util.Optional;

/** What finds the tokens that trusted publishers get for their identity tokens; without one, none is known. */
public interface TrustedTokens {

    /** The caller behind a token that is alive: not expired, not revoked, its publisher active. */
    Optional<Caller.Trusted> find(TokenText token);
}
