package dev.lair.server.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.api.TokenText;
import dev.lair.server.TestClock;
import dev.lair.server.settings.PublicUrls;
import java.security.SecureRandom;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.http.ResponseCookie;

/** The cookie with TLS; without it, {@code LoginPagesTest} looks. */
class SessionCookieTest {

    private final TestClock clock = new TestClock();
    private final TokenText secret = TokenText.generate(TokenText.Kind.PAT, new SecureRandom());

    @Test
    void withTlsItIsForThisHostAlone() {
        SessionCookie cookie = new SessionCookie(PublicUrls.of("https://registry.example/lair"), clock);
        ResponseCookie begun = cookie.begin(secret, clock.instant().plus(Duration.ofHours(12)));
        assertThat(begun.toString())
                .startsWith("__Host-lair=" + secret.secret() + "; Path=/; Max-Age=43200; ")
                .contains("; Secure", "; HttpOnly", "; SameSite=Lax")
                .doesNotContain("Domain");
        assertThat(cookie.end().toString())
                .startsWith("__Host-lair=; Path=/; Max-Age=0; ")
                .contains("; Secure");
    }

    @Test
    void withoutTlsBrowsersWouldNotTakeThatName() {
        SessionCookie cookie = new SessionCookie(PublicUrls.of("http://127.0.0.1:8090"), clock);
        assertThat(cookie.begin(secret, clock.instant()).toString())
                .startsWith("lair=")
                .doesNotContain("Secure");
    }
}
