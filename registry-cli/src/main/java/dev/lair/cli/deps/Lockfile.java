package dev.lair.cli.deps;

import dev.lair.cli.report.Excerpt;
import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import dev.lair.component.names.SemanticVersion;
import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.transparency.Digest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.toml.TomlMapper;

/**
 * {@code lair.lock}: which release each dependency is, and its digest. The form is that of {@code wkg.lock}, version 1, so
 * that either can be read; ours also has what dependencies depend on, and is never changed by other tools.
 *
 * <pre>
 * version = 1
 *
 * [[packages]]
 * name = "wasi:io"
 *
 * [[packages.versions]]
 * requirement = "=0.2.3"        what the texts ask for: one version, or "*" where they name none
 * version = "0.2.3"
 * digest = "sha256:…"           of the release's content
 * </pre>
 *
 * <p>{@code wkg.lock} says a {@code registry} too; it is passed over, as the digest decides. Old spellings
 * ({@code package}, {@code packages.version}) are read.
 *
 * @param entries by name, then version, each once
 */
public record Lockfile(List<Entry> entries) {

    /** The name of our lock. */
    public static final String NAME = "lair.lock";

    /** The name of the lock of wkg. */
    public static final String WKG_NAME = "wkg.lock";

    /** Characters of a lock: some hundred for each of ten thousand packages. */
    static final int MAX_CHARACTERS = 4 << 20;

    private static final TomlMapper TOML = new TomlMapper();

    /** One release that something asks for. */
    public record Entry(PackageName name, String requirement, SemVer version, Digest digest) {}

    public Lockfile {
        entries = entries.stream()
                .distinct()
                .sorted(Comparator.comparing(Entry::name)
                        .thenComparing(Entry::version)
                        .thenComparing(Entry::requirement))
                .toList();
    }

    /**
     * The release that is locked for a package.
     *
     * @param version the one that texts name, or null where they name none
     */
    public Optional<Entry> find(PackageName name, @Nullable SemVer version) {
        return entries.stream()
                .filter(entry -> entry.name().equals(name))
                .filter(entry -> version == null
                        ? entry.requirement().equals("*")
                        : entry.version().equals(version))
                .findFirst();
    }

    /** The text, the same for the same entries. */
    public String format() {
        StringBuilder out = new StringBuilder(
                        "# Written by `lair wit fetch` and `lair wit update`; keep it with the texts.\n")
                .append("version = 1\n");
        PackageName open = null;
        for (Entry entry : entries) {
            if (!entry.name().equals(open)) {
                open = entry.name();
                out.append("\n[[packages]]\nname = \"").append(open).append("\"\n");
            }
            // Nothing in these needs an escape: names, versions and digests were parsed.
            out.append("\n[[packages.versions]]\nrequirement = \"")
                    .append(entry.requirement())
                    .append("\"\nversion = \"")
                    .append(entry.version())
                    .append("\"\ndigest = \"")
                    .append(entry.digest())
                    .append("\"\n");
        }
        return out.toString();
    }

    /**
     * Parses a lock.
     *
     * @param file how the person calls it
     */
    public static Lockfile parse(String file, String text) throws Fault {
        JsonNode root = toml(file, text);
        JsonNode version = root.path("version");
        if (!version.isIntegralNumber() || version.asLong() != 1) {
            throw malformed(
                    file, "its `version` is " + (version.isMissingNode() ? "missing" : version) + "; 1 is known");
        }
        List<Entry> entries = new ArrayList<>();
        for (JsonNode each : array(file, root, "packages", "package")) {
            PackageName name = value(file, each, "name", "a package", PackageName::parse);
            for (JsonNode locked : array(file, each, "versions", "version")) {
                String what = "`" + name + "`";
                entries.add(new Entry(
                        name,
                        value(file, locked, "requirement", what, Lockfile::requirement),
                        value(file, locked, "version", what, Lockfile::version),
                        value(file, locked, "digest", what, Digest::parse)));
            }
        }
        return new Lockfile(entries);
    }

    private static JsonNode toml(String file, String text) throws Fault {
        if (text.length() > MAX_CHARACTERS) {
            throw malformed(file, "it has " + text.length() + " characters; at most " + MAX_CHARACTERS + " are read");
        }
        try {
            return TOML.readTree(text);
        } catch (JacksonException e) {
            int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
            int column = e.getLocation() == null ? 0 : e.getLocation().getColumnNr();
            Fault fault = malformed(file, "it is no TOML: " + e.getOriginalMessage());
            List<String> lines = text.lines().toList();
            return throwing(
                    line < 1 || line > lines.size() ? fault : fault.withExcerpt(excerpt(file, lines, line, column)));
        }
    }

    private static JsonNode throwing(Fault fault) throws Fault {
        throw fault;
    }

    private static Excerpt excerpt(String file, List<String> lines, int line, int column) {
        return new Excerpt(
                file,
                line,
                Math.max(1, column),
                List.of(
                        "     --> " + file + ":" + line + ":" + Math.max(1, column),
                        "      |",
                        String.format("%5d | %s", line, lines.get(line - 1)),
                        "      | " + " ".repeat(Math.max(0, column - 1)) + "^"));
    }

    private static Iterable<JsonNode> array(String file, JsonNode in, String member, String old) throws Fault {
        JsonNode found = in.has(member) ? in.path(member) : in.path(old);
        if (!found.isArray() && !found.isMissingNode()) {
            throw malformed(file, "`" + member + "` is no array of tables");
        }
        return found;
    }

    private static String requirement(String text) {
        if (text.isEmpty() || !text.chars().allMatch(c -> c >= ' ' && c < 0x7f && c != '"' && c != '\\')) {
            throw new IllegalArgumentException("`" + text + "` is no requirement, like =1.2.3 or *");
        }
        return text;
    }

    /** A version that a name in WIT can have. */
    private static SemVer version(String text) {
        return SemVer.parse(SemanticVersion.parse(text).toString());
    }

    /** Parses one text of an entry. */
    private interface Parser<T> {
        T parse(String text);
    }

    private static <T> T value(String file, JsonNode in, String member, String of, Parser<T> parser) throws Fault {
        JsonNode found = in.path(member);
        if (!found.isString()) {
            throw malformed(file, "the " + member + " of " + of + " is missing, or no text");
        }
        try {
            return parser.parse(found.asString());
        } catch (IllegalArgumentException e) {
            throw malformed(file, "the " + member + " of " + of + ": " + e.getMessage());
        }
    }

    private static Fault malformed(String file, String why) {
        return ExitCode.LOCAL.fault("`" + file + "` cannot be used: " + why
                + "; bring back the version that was written, or delete it and fetch anew");
    }
}
