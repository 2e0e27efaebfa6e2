package dev.lair.server.web;

/**
 * What all pages of this registry have in common.
 *
 * @param base the path of the public URL, empty or like {@code /lair}: what stands before every path of ours
 * @param address scheme and host of the public URL, as people call the registry
 * @param version of the server
 * @param stylesheet its path, which changes with its content
 * @param search whether there is a page that searches
 */
public record Site(String base, String address, String version, String stylesheet, boolean search) {

    /** The path of a page or file as a browser asks for it; {@code path} begins with a slash. */
    public String link(String path) {
        return base + path;
    }
}
