package dev.lair.server.web;

import org.jspecify.annotations.Nullable;

/**
 * What the layout shows around a page.
 *
 * @param title stands before the registry's name in the browser's title
 * @param path that was asked for, below {@link Site#base}
 * @param visitor who is logged in; null for nobody
 * @param csrf what every form of the page sends in its field of this name; empty where there is nobody who could
 * @param done what was done just before, to say so; null for nothing
 * @param fault why a form was refused, to say so beside it; null when it was not
 * @param query what the search box has in it
 */
public record Page(
        Site site,
        String title,
        String path,
        @Nullable Visitor visitor,
        String csrf,
        @Nullable Done done,
        @Nullable Fault fault,
        String query) {

    /** Somebody who is logged in. */
    public record Visitor(String login, boolean administrator) {}

    /**
     * Why something was refused.
     *
     * @param title in a few words, the same for all of a kind
     * @param detail what it was, and the rule
     * @param hint what to do next; empty where the detail says it
     */
    public record Fault(int status, String title, String detail, String hint, String requestId) {}

    /** The path of a page or file as a browser asks for it. */
    public String link(String path) {
        return site.link(path);
    }

    /** The same page with why its form was refused. */
    public Page with(Fault refused) {
        return new Page(site, title, path, visitor, csrf, null, refused, query);
    }

    /** The same page with what stands in the search box. */
    public Page searching(String words) {
        return new Page(site, title, path, visitor, csrf, done, fault, words);
    }
}
