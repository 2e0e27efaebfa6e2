package dev.lair.component.names;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The grammar of external names (Explainer.md, {@code importname} and {@code exportname}), by descent. */
final class ExternNameParser {
    private static final String CONSTRUCTOR = "[constructor]";
    private static final String METHOD = "[method]";
    private static final String STATIC = "[static]";

    private final String text;
    private final boolean nestedNames;
    private final @Nullable String versionSuffix;
    private int at;

    ExternNameParser(String text, boolean nestedNames, @Nullable String versionSuffix) {
        this.text = text;
        this.nestedNames = nestedNames;
        this.versionSuffix = versionSuffix;
    }

    ExternName parse() throws InvalidNameException {
        if (text.startsWith(CONSTRUCTOR)) {
            return new ExternName.Constructor(KebabName.parse(text.substring(CONSTRUCTOR.length())));
        }
        if (text.startsWith(METHOD)) {
            KebabName[] parts = member(text.substring(METHOD.length()));
            return new ExternName.Method(parts[0], parts[1]);
        }
        if (text.startsWith(STATIC)) {
            KebabName[] parts = member(text.substring(STATIC.length()));
            return new ExternName.Static(parts[0], parts[1]);
        }
        if (accept("unlocked-dep=")) {
            bracketed(this::packageQuery);
            return dependency(ExternName.DependencyKind.UNLOCKED);
        }
        if (accept("locked-dep=")) {
            bracketed(this::lockedPackage);
            optionalIntegrity();
            return dependency(ExternName.DependencyKind.LOCKED);
        }
        if (accept("url=")) {
            bracketed(this::url);
            optionalIntegrity();
            return dependency(ExternName.DependencyKind.URL);
        }
        if (accept("integrity=")) {
            bracketed(this::hashes);
            return dependency(ExternName.DependencyKind.HASH);
        }
        return text.indexOf(':') < 0 ? new ExternName.Label(KebabName.parse(text)) : interfaceName();
    }

    private static KebabName[] member(String rest) throws InvalidNameException {
        int dot = rest.indexOf('.');
        if (dot < 0) {
            throw new InvalidNameException("failed to find `.` character in `" + rest + "`");
        }
        return new KebabName[] {KebabName.parse(rest.substring(0, dot)), KebabName.parse(rest.substring(dot + 1))};
    }

    private ExternName interfaceName() throws InvalidNameException {
        List<String> namespaces = new ArrayList<>();
        List<String> projections = new ArrayList<>();
        String packageName = packagePath(namespaces, projections);
        if (projections.isEmpty()) {
            throw new InvalidNameException("expected `/` after package name in `" + text + "`");
        }
        String version = null;
        if (accept("@")) {
            version = text.substring(at);
            version(version);
            at = text.length();
        }
        end();
        return new ExternName.InterfaceName(
                text, List.copyOf(namespaces), packageName, List.copyOf(projections), version);
    }

    /** Namespaces, package and projections, as many as there are; returns the package's name. */
    private String packagePath(List<String> namespaces, List<String> projections) throws InvalidNameException {
        namespaces.add(lowerLabel());
        expect(":");
        String packageName = lowerLabel();
        while (nestedNames && accept(":")) {
            namespaces.add(packageName);
            packageName = lowerLabel();
        }
        while ((nestedNames || projections.isEmpty()) && accept("/")) {
            projections.add(KebabName.parse(word()).toString());
        }
        return packageName;
    }

    private void version(String version) throws InvalidNameException {
        String full = versionSuffix == null ? version : version + versionSuffix;
        SemanticVersion parsed;
        try {
            parsed = SemanticVersion.parse(full);
        } catch (IllegalArgumentException e) {
            throw new InvalidNameException("invalid interface version `" + full + "`: " + e.getMessage());
        }
        if (versionSuffix != null && !parsed.track().equals(version)) {
            throw new InvalidNameException("invalid interface version `" + version + "`: the canonical form of "
                    + parsed + " is " + parsed.track());
        }
    }

    private interface Part {
        void read() throws InvalidNameException;
    }

    private void bracketed(Part part) throws InvalidNameException {
        expect("<");
        part.read();
        expect(">");
    }

    private ExternName dependency(ExternName.DependencyKind kind) throws InvalidNameException {
        end();
        return new ExternName.Dependency(text, kind);
    }

    private void packageQuery() throws InvalidNameException {
        packagePath(new ArrayList<>(), new ArrayList<>());
        if (!accept("@") || accept("*")) {
            return;
        }
        expect("{");
        boolean lower = accept(">=");
        if (lower) {
            semver(" }");
        }
        if (!lower || accept(" ")) {
            expect("<");
            semver("}");
        }
        expect("}");
    }

    private void lockedPackage() throws InvalidNameException {
        packagePath(new ArrayList<>(), new ArrayList<>());
        if (accept("@")) {
            semver(">");
        }
    }

    private void semver(String ends) throws InvalidNameException {
        String version = until(ends);
        try {
            SemanticVersion.parse(version);
        } catch (IllegalArgumentException e) {
            throw new InvalidNameException("`" + version + "` is not a valid semver: " + e.getMessage());
        }
    }

    private void url() throws InvalidNameException {
        if (until("<>").indexOf('<') >= 0) {
            throw new InvalidNameException("a url holds no `<`");
        }
    }

    private void optionalIntegrity() throws InvalidNameException {
        if (accept(",")) {
            expect("integrity=");
            bracketed(this::hashes);
        }
    }

    /** Subresource integrity: algorithm, base64, options; one or more, separated by spaces. */
    private void hashes() throws InvalidNameException {
        String all = until(">");
        boolean any = false;
        for (String hash : all.trim().split("[ \t]+", -1)) {
            int dash = hash.indexOf('-');
            String algorithm = dash < 0 ? "" : hash.substring(0, dash);
            String rest = hash.substring(dash + 1);
            int options = rest.indexOf('?');
            String value = options < 0 ? rest : rest.substring(0, options);
            boolean known = algorithm.equals("sha256") || algorithm.equals("sha384") || algorithm.equals("sha512");
            if (!known || !value.matches("[A-Za-z0-9+/]+={0,2}")) {
                throw new InvalidNameException("`" + hash + "` is no integrity of sha256, sha384 or sha512 in base64");
            }
            any = true;
        }
        if (!any) {
            throw new InvalidNameException("integrity hash is empty");
        }
    }

    private String lowerLabel() throws InvalidNameException {
        String word = word();
        if (!KebabName.isLowerKebab(word)) {
            throw new InvalidNameException("`" + word + "` is not in kebab case of lower case words");
        }
        return word;
    }

    /** The characters up to the next separator. */
    private String word() {
        return until(":/@<>");
    }

    private String until(String ends) {
        int start = at;
        while (at < text.length() && ends.indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return text.substring(start, at);
    }

    private boolean accept(String token) {
        boolean found = text.startsWith(token, at);
        at += found ? token.length() : 0;
        return found;
    }

    private void expect(String token) throws InvalidNameException {
        if (!accept(token)) {
            throw new InvalidNameException(
                    "expected `" + token + "` at `" + text.substring(at) + "` in `" + text + "`");
        }
    }

    private void end() throws InvalidNameException {
        if (at < text.length()) {
            throw new InvalidNameException("trailing characters found: `" + text.substring(at) + "`");
        }
    }
}
