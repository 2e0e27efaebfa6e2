package dev.lair.server.settings;

import java.net.URI;

/** Public URLs without a server behind them. */
public final class PublicUrls {

    private PublicUrls() {}

    public static PublicUrl of(String url) {
        PublicUrl made = new PublicUrl();
        made.set(URI.create(url), URI.create(url));
        return made;
    }
}
