package dev.lair.server.account;

import dev.lair.registry.api.TokenText;
import dev.lair.server.settings.PublicUrl;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.ResponseCookie;
import org.springframework.stereotype.Component;

/**
 * The cookie in which a browser holds its session. With TLS it is called {@code __Host-lair}: browsers take that name only from
 * this host itself, for all of its paths, and only with TLS, so no neighbour on another subdomain plants one. No script reads
 * it, and no other site's form sends it ({@code SameSite=Lax}); {@link FormToken} is the second lock on that door.
 */
@Component
public final class SessionCookie {

    private final PublicUrl publicUrl;
    private final Clock clock;

    public SessionCookie(PublicUrl publicUrl) {
        this(publicUrl, Clock.systemUTC());
    }

    @Autowired
    SessionCookie(PublicUrl publicUrl, Clock clock) {
        this.publicUrl = publicUrl;
        this.clock = clock;
    }

    /** Its name at this public URL. */
    public static String name(PublicUrl publicUrl) {
        return Cookies.name("lair", publicUrl);
    }

    /** Hands a browser its session. */
    public ResponseCookie begin(TokenText secret, Instant expiresAt) {
        // In whole seconds, a begun one too: the server looks at the time anyway.
        Duration left = Duration.between(clock.instant(), expiresAt).plusMillis(999);
        return Cookies.make(name(publicUrl), secret.secret(), publicUrl, "Lax")
                .maxAge(left.isNegative() ? Duration.ZERO : left)
                .build();
    }

    /** Makes a browser forget it. */
    public ResponseCookie end() {
        return Cookies.make(name(publicUrl), "", publicUrl, "Lax")
                .maxAge(Duration.ZERO)
                .build();
    }

    /** The secret that a request has in its cookie; empty when it has none, several, or no token. */
    Optional<TokenText> read(HttpServletRequest request) {
        return Cookies.only(request, name(publicUrl))
                .flatMap(TokenText::parse)
                .filter(token -> token.kind() == TokenText.Kind.PAT);
    }
}
