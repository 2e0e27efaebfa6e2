package dev.lair.server.problem;

import jakarta.servlet.http.HttpServletRequest;

/** The id of a request: what its problem, its lines in the log and its rows in the audit log have in common. */
public final class RequestId {

    private static final String ATTRIBUTE = RequestId.class.getName() + ".requestId";

    private RequestId() {}

    /** The same each time it is asked for. */
    public static String of(HttpServletRequest request) {
        if (request.getAttribute(ATTRIBUTE) instanceof String known) {
            return known;
        }
        String id = ApiProblems.newId();
        request.setAttribute(ATTRIBUTE, id);
        return id;
    }
}
