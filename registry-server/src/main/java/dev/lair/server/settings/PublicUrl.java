package dev.lair.server.settings;

import java.net.URI;

/**
 * The one configured base of every absolute URL. It exists before the server listens on a port, so it is filled in once:
 * from {@code lair.public-url}, or when that is not set, from the address on which the server came up.
 */
public final class PublicUrl {

    private volatile String base = "";
    private volatile String contentBase = "";

    /** Sets the bases; a slash at the end is dropped. */
    void set(URI url, URI contentUrl) {
        base = withoutSlash(url);
        contentBase = withoutSlash(contentUrl);
    }

    /** The absolute URL of {@code path}, which has no slash in front. */
    public String of(String path) {
        return require(base) + "/" + path;
    }

    /** The base itself, without a slash at the end: the registry's name for people and in attestations. */
    public String base() {
        return require(base);
    }

    /** The absolute URL of a content path. */
    public String ofContent(String path) {
        return require(contentBase) + "/" + path;
    }

    @Override
    public String toString() {
        return base;
    }

    private static String require(String known) {
        if (known.isEmpty()) {
            throw new IllegalStateException("the public URL is known once the server listens");
        }
        return known;
    }

    private static String withoutSlash(URI url) {
        String text = url.toString();
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }
}
