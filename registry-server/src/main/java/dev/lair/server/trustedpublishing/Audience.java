package dev.lair.server.trustedpublishing;

import dev.lair.server.settings.PublicUrl;
import java.net.URI;

/**
 * This registry's name in {@code aud}: the host of its public URL, in small letters and without a port. Never the Host
 * header of a request, which whoever passes a token on chooses.
 */
final class Audience {

    private final PublicUrl url;

    Audience(PublicUrl url) {
        this.url = url;
    }

    String value() {
        return AsciiCase.folded(URI.create(url.of("")).getHost());
    }
}
