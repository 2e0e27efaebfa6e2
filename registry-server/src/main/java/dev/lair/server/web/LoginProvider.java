package dev.lair.server.web;

import java.util.List;

/** Who else lets people log in, besides the password: a bean of this type puts its links on the pages that ask for a login. */
public interface LoginProvider {

    /**
     * A way to log in.
     *
     * @param name of the provider, as {@code GitHub}
     * @param path of ours that begins the login there, with its query; begins with a slash
     */
    record Link(String name, String path) {}

    /** In the order in which they are shown. {@code next} is the path to come back to, which is checked to be ours. */
    List<Link> links(String next);
}
