package dev.lair.transparency;

/** A path or a body that should follow tlog-tiles does not; the message names the value and the rule. */
public final class MalformedTileException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;
    private static final int SHOWN = 100;

    MalformedTileException(String rule) {
        super(rule);
    }

    static MalformedTileException path(String path, String rule) {
        String shown = path.length() > SHOWN ? path.substring(0, SHOWN) + "…" : path;
        return new MalformedTileException("`" + shown + "` is not a tile path: " + rule);
    }
}
