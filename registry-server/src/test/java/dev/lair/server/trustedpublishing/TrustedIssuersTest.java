package dev.lair.server.trustedpublishing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.server.TestSettings;
import dev.lair.server.settings.LairSettings.IssuerKind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrustedIssuersTest {

    private static TrustedIssuers configured(String... fieldsAndValues) {
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < fieldsAndValues.length; i += 2) {
            keys.add("trusted-publishing.issuers[0]." + fieldsAndValues[i]);
            keys.add(fieldsAndValues[i + 1]);
        }
        return TrustedIssuers.of(TestSettings.of(keys.toArray(String[]::new)).trustedPublishing());
    }

    private static void assertRefused(String says, String... fieldsAndValues) {
        assertThatThrownBy(() -> configured(fieldsAndValues)).rootCause().hasMessageContaining(says);
    }

    @Test
    void withoutASettingTheTwoForgesAreTrustedForEverybody() {
        TrustedIssuers issuers = TrustedIssuers.of(TestSettings.of().trustedPublishing());
        assertThat(issuers.all().stream().map(TrustedIssuer::url))
                .containsExactly("https://token.actions.githubusercontent.com", "https://gitlab.com");
        assertThat(issuers.all()).allSatisfy(issuer -> {
            assertThat(issuer.organisation()).isEmpty();
            assertThat(issuer.settings().selfHostedRunners()).isFalse();
            assertThat(issuer.settings().allowPrivateAddresses()).isFalse();
            assertThat(issuer.settings().allowHttpForTests()).isFalse();
        });
    }

    @Test
    void configuredIssuersReplaceTheUsualOnes() {
        TrustedIssuers issuers = configured("url", "https://gitlab.example", "kind", "gitlab", "organisation", "acme");
        assertThat(issuers.named("https://gitlab.com")).isEmpty();
        assertThat(issuers.named("https://gitlab.example")).hasValueSatisfying(issuer -> {
            assertThat(issuer.kind()).isEqualTo(IssuerKind.GITLAB);
            assertThat(issuer.organisation()).contains("acme");
        });
        assertThat(issuers.named("https://gitlab.example/")).isEmpty();
    }

    /** Trail of Bits, PyPI 2026-12: whoever runs an issuer can say that a job is of any repository. */
    @Test
    void customIssuerSaysWhoseNamespacesItMayPublishTo() {
        assertRefused("organisation must say whose namespaces", "url", "https://ghes.example", "kind", "github");
        assertThat(configured("url", "https://ghes.example", "kind", "github", "organisation", "*")
                        .all()
                        .getFirst()
                        .organisation())
                .isEmpty();
    }

    @Test
    void issuerOverHttpNeedsAWordThatSaysTests() {
        assertRefused("must be https", "url", "http://127.0.0.1:1/x", "kind", "github", "organisation", "*");
        assertThat(configured(
                                "url", "http://127.0.0.1:1/x",
                                "kind", "github",
                                "organisation", "*",
                                "allow-http-for-tests", "true")
                        .all())
                .hasSize(1);
    }

    @Test
    void issuerThatIsNoUrlOrNamedTwiceIsRefused() {
        assertRefused("absolute http or https URL", "url", "https:x", "kind", "github", "organisation", "*");
        assertRefused("absolute http or https URL", "url", "https://x?y", "kind", "github", "organisation", "*");
        assertRefused("no user", "url", "https://u@x.example", "kind", "github", "organisation", "*");
        assertRefused("needs url and kind", "url", "https://x.example", "organisation", "*");
        assertRefused(
                "jwks-host", "url", "https://x.example", "kind", "generic", "organisation", "*", "jwks-host", "a/b");
        assertThatThrownBy(() -> TestSettings.of(
                        "trusted-publishing.issuers[0].url", "https://x.example",
                        "trusted-publishing.issuers[0].kind", "github",
                        "trusted-publishing.issuers[0].organisation", "*",
                        "trusted-publishing.issuers[1].url", "https://x.example",
                        "trusted-publishing.issuers[1].kind", "gitlab",
                        "trusted-publishing.issuers[1].organisation", "*"))
                .rootCause()
                .hasMessageContaining("twice");
    }
}
