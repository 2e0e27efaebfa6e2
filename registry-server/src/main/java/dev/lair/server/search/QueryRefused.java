package dev.lair.server.search;

/** A query that cannot be read, or a cursor that is none. */
public final class QueryRefused extends Exception {

    private static final long serialVersionUID = 1L;

    private final int place;

    QueryRefused(int place, String reason) {
        super(reason);
        this.place = place;
    }

    /** The character of the query, from 0, at which it goes wrong; -1 when it is not the query. */
    public int place() {
        return place;
    }

    /** The reason and its place, for people. */
    public String words() {
        return place < 0 ? String.valueOf(getMessage()) : "at character " + place + ": " + getMessage();
    }
}
