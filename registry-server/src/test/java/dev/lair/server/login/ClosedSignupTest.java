package dev.lair.server.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

/** Where reads are private nobody gets an account by logging in, unless the operator says so. */
@TestPropertySource(properties = "lair.access=private")
class ClosedSignupTest extends ProviderTest {

    @Test
    void strangerGetsNoAccountAndWhoLinkedTheProviderGetsIn() {
        String subject = someone("sub");
        Browser stranger = new Browser();
        refused(logIn(stranger, "honest", subject, Map.of()), stranger, "no-account");

        String ann = account(someone("ann"));
        Browser browser = new Browser();
        URI at = begin(browser, "honest", "?link", "authorization", "Bearer " + session(ann));
        logIn(browser, at, "honest", subject, Map.of());
        logIn(browser, "honest", subject, Map.of());
        assertThat(loginOf(session(browser))).isEqualTo(ann);
    }
}
