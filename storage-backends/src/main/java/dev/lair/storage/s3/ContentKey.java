package dev.lair.storage.s3;

import dev.lair.transparency.Digest;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The key of an object that belongs to a content:
 *
 * <pre>
 * content/sha256/(hex)                             bytes of its first life, number 0
 * content/sha256/(hex).(life)                      bytes of a later life
 * content/sha256/(hex).(life).touched.(micros)     it was touched at this time; empty
 * content/sha256/(hex).(life).doubt.(micros)       somebody would end this life, last touched then; empty
 * content/sha256/(hex).(life).verdict.(micros)     answers this doubt: {@value #KEEP}, or {@value #END} and who
 * </pre>
 *
 * <p>Times are microseconds since 1970 by a node's clock. All keys of one content stand together in a listing, and
 * contents stand in order of digest. What the marks mean: {@link Lives}.
 *
 * @param digest the content
 * @param life its number, from 0
 * @param kind what the object is
 * @param micros the time in the key; 0 for {@link Kind#BYTES}
 */
record ContentKey(Digest digest, int life, Kind kind, long micros) {

    /** What an object of a content is. */
    enum Kind {
        BYTES(""),
        TOUCHED("touched"),
        DOUBT("doubt"),
        VERDICT("verdict");

        private final String word;

        Kind(String word) {
            this.word = word;
        }
    }

    /** What all keys begin with. */
    static final String FOLDER = "content/sha256/";

    /** A verdict that lets the content live. Told apart from the other in a listing by its length. */
    static final String KEEP = "keep";

    /** What a verdict that ends a life begins with. */
    static final String END = "end ";

    private static final Pattern KEY = Pattern.compile(
            Pattern.quote(FOLDER)
                    + "([0-9a-f]{64})(?:\\.([1-9][0-9]{0,8})|\\.(0|[1-9][0-9]{0,8})\\.(touched|doubt|verdict)\\.([0-9]{1,18}))?");

    static ContentKey bytes(Digest digest, int life) {
        return new ContentKey(digest, life, Kind.BYTES, 0);
    }

    static ContentKey touched(Digest digest, int life, long micros) {
        return new ContentKey(digest, life, Kind.TOUCHED, micros);
    }

    static ContentKey doubt(Digest digest, int life, long micros) {
        return new ContentKey(digest, life, Kind.DOUBT, micros);
    }

    static ContentKey verdict(Digest digest, int life, long micros) {
        return new ContentKey(digest, life, Kind.VERDICT, micros);
    }

    /** What exactly the keys of one content begin with. */
    static String all(Digest digest) {
        return FOLDER + digest.hex();
    }

    /** A text behind all keys of a content and before those of the next: {@code /} follows {@code .} in ASCII. */
    static String behind(Digest digest) {
        return all(digest) + "/";
    }

    /** The key's text. */
    String format() {
        if (kind == Kind.BYTES) {
            return life == 0 ? all(digest) : all(digest) + "." + life;
        }
        return all(digest) + "." + life + "." + kind.word + "." + micros;
    }

    /** The inverse of {@link #format}; empty for all else, which is not ours. */
    static Optional<ContentKey> parse(String key) {
        Matcher matcher = KEY.matcher(key);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        Digest digest = Digest.parseHexOnly(matcher.group(1));
        String word = matcher.group(4);
        if (word == null) {
            String life = matcher.group(2);
            return Optional.of(bytes(digest, life == null ? 0 : Integer.parseInt(life)));
        }
        Kind kind =
                switch (word) {
                    case "touched" -> Kind.TOUCHED;
                    case "doubt" -> Kind.DOUBT;
                    default -> Kind.VERDICT;
                };
        long micros = Long.parseLong(matcher.group(5));
        ContentKey parsed = new ContentKey(digest, Integer.parseInt(matcher.group(3)), kind, micros);
        // Leading zeros would give one time two keys.
        return parsed.format().equals(key) ? Optional.of(parsed) : Optional.empty();
    }
}
