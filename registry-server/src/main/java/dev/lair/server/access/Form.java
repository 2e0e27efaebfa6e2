package dev.lair.server.access;

import dev.lair.registry.api.Problem;
import dev.lair.server.problem.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/**
 * The fields of a form: {@code application/x-www-form-urlencoded} in UTF-8, 64 KiB and 200 fields at most. The container's own
 * reading of forms is off: it takes what is no UTF-8, and mixes in what stands in the path.
 */
public final class Form {

    /** No form of ours is longer; identity tokens, which are pasted into one, have 16 KiB at most. */
    static final int MAX_BYTES = 64 * 1024;

    private static final int MAX_FIELDS = 200;
    private static final String TYPE = "application/x-www-form-urlencoded";
    private static final String ATTRIBUTE = Form.class.getName();

    /** Of a page that is shown before anybody filled it in. */
    public static final Form EMPTY = new Form(Map.of());

    private final Map<String, List<String>> fields;

    private Form(Map<String, List<String>> fields) {
        this.fields = fields;
    }

    /** The form in a request's body, which is read once; a problem when it is none. */
    public static Form of(HttpServletRequest request) {
        if (request.getAttribute(ATTRIBUTE) instanceof Form known) {
            return known;
        }
        if (!isIn(request)) {
            throw new ProblemException(Problem.Kind.UNSUPPORTED_TYPE, "this takes a form, " + TYPE + " in UTF-8");
        }
        Form form = parse(body(request));
        request.setAttribute(ATTRIBUTE, form);
        return form;
    }

    /** What stands in the query of a request: a form that is filled in by a link. */
    public static Form ofQuery(HttpServletRequest request) {
        String query = request.getQueryString();
        if (query == null) {
            return EMPTY;
        }
        try {
            return parse(query.getBytes(StandardCharsets.UTF_8));
        } catch (ProblemException malformed) {
            // Nothing is filled in by it. The page that is shown may be the one that tells what is wrong with the
            // request.
            return EMPTY;
        }
    }

    /** Whether the body of a request says that it is a form. */
    static boolean isIn(HttpServletRequest request) {
        String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
        String plain = type == null ? "" : type.toLowerCase(Locale.ROOT).replace(" ", "");
        return plain.equals(TYPE) || plain.equals(TYPE + ";charset=utf-8");
    }

    private static byte[] body(HttpServletRequest request) {
        try {
            byte[] body = request.getInputStream().readNBytes(MAX_BYTES + 1);
            if (body.length > MAX_BYTES) {
                throw new ProblemException(
                        Problem.Kind.TOO_LARGE, "the form has more than the " + MAX_BYTES + " bytes read here");
            }
            return body;
        } catch (IOException e) {
            throw new ProblemException(Problem.Kind.BAD_REQUEST, "the request's body broke off");
        }
    }

    /** Reads a body, as the URL standard has it; a problem {@code bad-request} when it is none. */
    static Form parse(byte[] body) {
        Map<String, List<String>> fields = new LinkedHashMap<>();
        int count = 0;
        for (String pair : new String(body, StandardCharsets.ISO_8859_1).split("&", -1)) {
            if (pair.isEmpty()) {
                continue;
            }
            if (++count > MAX_FIELDS) {
                throw malformed("more than " + MAX_FIELDS + " fields");
            }
            int equals = pair.indexOf('=');
            String name = decode(equals < 0 ? pair : pair.substring(0, equals));
            String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
            fields.computeIfAbsent(name, none -> new ArrayList<>()).add(value);
        }
        fields.replaceAll((name, values) -> List.copyOf(values));
        return new Form(fields);
    }

    private static String decode(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                boolean whole = i + 2 < text.length();
                int high = whole ? Character.digit(text.charAt(i + 1), 16) : -1;
                int low = whole ? Character.digit(text.charAt(i + 2), 16) : -1;
                if (high < 0 || low < 0) {
                    throw malformed("a `%` without two hex digits");
                }
                bytes.write(high << 4 | low);
                i += 2;
            } else {
                bytes.write(c == '+' ? ' ' : c);
            }
        }
        try {
            String decoded = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
            if (decoded.indexOf('\0') >= 0) {
                throw malformed("the character NUL");
            }
            // Browsers send lines of a text area with CR LF.
            return decoded.replace("\r\n", "\n");
        } catch (CharacterCodingException e) {
            throw malformed("bytes that are no UTF-8");
        }
    }

    private static ProblemException malformed(String what) {
        return new ProblemException(Problem.Kind.BAD_REQUEST, "the form has " + what);
    }

    /** What a template fills a field in with again: the first value, or empty. */
    public String shown(String name) {
        List<String> values = all(name);
        return values.isEmpty() ? "" : values.getFirst();
    }

    /** The one value of a field; empty when it was not sent. A problem when it was sent twice: which was meant? */
    public String one(String name) {
        List<String> values = all(name);
        if (values.size() > 1) {
            throw malformed("the field `" + name + "` " + values.size() + " times");
        }
        return values.isEmpty() ? "" : values.getFirst();
    }

    /** The one value of a field with something in it. */
    public @Nullable String given(String name) {
        String value = one(name).strip();
        return value.isEmpty() ? null : value;
    }

    /** Every value of a field, as of boxes that are ticked. */
    public List<String> all(String name) {
        return fields.getOrDefault(name, List.of());
    }

    /** The words of a field, which blanks, commas or lines part. */
    public List<String> words(String name) {
        String value = one(name).strip();
        return value.isEmpty() ? List.of() : List.of(value.split("[\\s,]+"));
    }

    public boolean isTicked(String name) {
        return !one(name).isEmpty();
    }

    /** All fields, in their order. */
    public Map<String, List<String>> fields() {
        return Collections.unmodifiableMap(fields);
    }
}
