package dev.lair.component.wit.decode;

import dev.lair.component.names.KebabName;
import dev.lair.component.names.SemanticVersion;
import dev.lair.component.wit.Annotations;
import dev.lair.component.wit.Place;
import dev.lair.component.wit.Stability;
import dev.lair.component.wit.WitException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The JSON of a {@code package-docs} section: objects and strings, all that the format has. A missing member reads as an
 * empty object, so callers ask for what may be there.
 */
final class DocsTree {
    static final DocsTree EMPTY = new DocsTree(Map.of(), Map.of());

    private static final int DEPTH = 16;

    private final Map<String, String> strings;
    private final Map<String, DocsTree> objects;

    private DocsTree(Map<String, String> strings, Map<String, DocsTree> objects) {
        this.strings = strings;
        this.objects = objects;
    }

    /** Reads the text of a section behind its version byte. */
    static DocsTree parse(String json) throws WitException {
        Reader reader = new Reader(json);
        DocsTree tree = reader.object(0);
        reader.end();
        return tree;
    }

    DocsTree object(String name) {
        return objects.getOrDefault(name, EMPTY);
    }

    @Nullable
    String string(String name) {
        return strings.get(name);
    }

    /** The documentation and gate of a function; older sections have the text alone in its place. */
    Annotations function(String name, @Nullable String externalId) throws WitException {
        String alone = strings.get(name);
        return alone != null
                ? new Annotations(alone, Stability.unknown(), externalId, Place.NONE)
                : object(name).annotations(externalId);
    }

    /** Documentation and gate of the item that this object is about. */
    Annotations annotations(@Nullable String externalId) throws WitException {
        return new Annotations(string("docs"), object("stability").stability(), externalId, Place.NONE);
    }

    /** This object as a gate. */
    Stability stability() throws WitException {
        DocsTree stable = object("stable");
        String since = stable.string("since");
        if (since != null) {
            return new Stability.Stable(version(since), deprecated(stable));
        }
        DocsTree unstable = object("unstable");
        String feature = unstable.string("feature");
        if (feature == null) {
            return Stability.unknown();
        }
        if (!KebabName.isKebab(feature)) {
            throw new WitException("package-docs: not a feature's name: " + feature, Place.NONE);
        }
        return new Stability.Unstable(feature, deprecated(unstable));
    }

    private static @Nullable SemanticVersion deprecated(DocsTree gate) throws WitException {
        String version = gate.string("deprecated");
        return version == null ? null : version(version);
    }

    private static SemanticVersion version(String text) throws WitException {
        Optional<SemanticVersion> version = SemanticVersion.tryParse(text);
        if (version.isEmpty()) {
            throw new WitException("package-docs: not a version: " + text, Place.NONE);
        }
        return version.get();
    }

    /** Objects, strings and null, strictly. */
    private static final class Reader {
        private final String json;
        private int at;

        Reader(String json) {
            this.json = json;
        }

        DocsTree object(int depth) throws WitException {
            if (depth > DEPTH) {
                throw error("deeper than the format goes");
            }
            Map<String, String> strings = new LinkedHashMap<>();
            Map<String, DocsTree> objects = new LinkedHashMap<>();
            expect('{');
            if (!eat('}')) {
                do {
                    String name = string();
                    expect(':');
                    if (next() == '{') {
                        objects.put(name, object(depth + 1));
                    } else if (next() == 'n') {
                        for (char c : "null".toCharArray()) {
                            expect(c);
                        }
                    } else {
                        strings.put(name, string());
                    }
                } while (eat(','));
                expect('}');
            }
            return new DocsTree(strings, objects);
        }

        void end() throws WitException {
            skipBlank();
            if (at != json.length()) {
                throw error("more text behind the object");
            }
        }

        private String string() throws WitException {
            expect('"');
            StringBuilder out = new StringBuilder();
            while (true) {
                char c = take();
                if (c == '"') {
                    String text = out.toString();
                    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
                        throw error("half a surrogate pair in a string");
                    }
                    return text;
                }
                if (c < 0x20) {
                    throw error("a control character in a string");
                }
                out.append(c == '\\' ? escaped() : c);
            }
        }

        private char escaped() throws WitException {
            char c = take();
            return switch (c) {
                case '"', '\\', '/' -> c;
                case 'n' -> '\n';
                case 'r' -> '\r';
                case 't' -> '\t';
                case 'b' -> '\b';
                case 'f' -> '\f';
                case 'u' -> {
                    int value = 0;
                    for (int i = 0; i < 4; i++) {
                        int digit = Character.digit(take(), 16);
                        if (digit < 0) {
                            throw error("an escape that JSON does not have");
                        }
                        value = value * 16 + digit;
                    }
                    yield (char) value;
                }
                default -> throw error("an escape that JSON does not have");
            };
        }

        private char next() {
            skipBlank();
            return at < json.length() ? json.charAt(at) : '\0';
        }

        private char take() throws WitException {
            if (at >= json.length()) {
                throw error("it ends too early");
            }
            return json.charAt(at++);
        }

        private boolean eat(char c) {
            boolean there = next() == c && at < json.length();
            at += there ? 1 : 0;
            return there;
        }

        private void expect(char c) throws WitException {
            if (!eat(c)) {
                throw error("expected '" + c + "'");
            }
        }

        private void skipBlank() {
            while (at < json.length() && " \n\r\t".indexOf(json.charAt(at)) >= 0) {
                at++;
            }
        }

        private WitException error(String what) {
            return new WitException("package-docs is not what its format says: " + what + " at " + at, Place.NONE);
        }
    }
}
