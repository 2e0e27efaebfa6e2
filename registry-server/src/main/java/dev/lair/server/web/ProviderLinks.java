package dev.lair.server.web;

import dev.lair.server.login.LoginProviders;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.springframework.stereotype.Component;

/** Where a page sends somebody who logs in through a provider. */
@Component
final class ProviderLinks {

    private final LoginProviders providers;

    ProviderLinks(LoginProviders providers) {
        this.providers = providers;
    }

    List<Views.ProviderLink> logIn(LocalPath next) {
        return links(next, "");
    }

    /** For somebody who is logged in, before something that matters: the provider asks again. */
    List<Views.ProviderLink> confirm(LocalPath next) {
        return links(next, "&step-up");
    }

    /** For somebody who is logged in: the identity is theirs too from then on. */
    List<Views.ProviderLink> link(LocalPath next) {
        return links(next, "&link");
    }

    private List<Views.ProviderLink> links(LocalPath next, String intent) {
        return providers.listed().stream()
                .map(provider -> new Views.ProviderLink(
                        provider.label(),
                        "/login/with/" + provider.name() + "?next="
                                + URLEncoder.encode(next.toString(), StandardCharsets.UTF_8) + intent))
                .toList();
    }
}
