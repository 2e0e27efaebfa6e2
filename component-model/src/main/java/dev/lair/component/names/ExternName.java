package dev.lair.component.names;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Name of an import or export (Explainer.md, "Import and Export Definitions"), parsed. */
public sealed interface ExternName {
    /** The name as written. */
    String text();

    /**
     * What equal names and names that must not stand beside them have in common (Explainer.md, "Name
     * Uniqueness").
     */
    String uniquenessKey();

    /** A plain name. */
    record Label(KebabName name) implements ExternName {
        @Override
        public String text() {
            return name.toString();
        }

        @Override
        public String uniquenessKey() {
            return "label " + name.folded();
        }
    }

    /** {@code [constructor]resource}: may stand beside the resource's own name. */
    record Constructor(KebabName resource) implements ExternName {
        @Override
        public String text() {
            return "[constructor]" + resource;
        }

        @Override
        public String uniquenessKey() {
            return "constructor " + resource.folded();
        }
    }

    /** {@code [method]resource.name}. */
    record Method(KebabName resource, KebabName name) implements ExternName {
        @Override
        public String text() {
            return "[method]" + resource + "." + name;
        }

        @Override
        public String uniquenessKey() {
            return memberKey(resource, name);
        }
    }

    /** {@code [static]resource.name}. */
    record Static(KebabName resource, KebabName name) implements ExternName {
        @Override
        public String text() {
            return "[static]" + resource + "." + name;
        }

        @Override
        public String uniquenessKey() {
            return memberKey(resource, name);
        }
    }

    private static String memberKey(KebabName resource, KebabName name) {
        // Languages that name constructors after the type could not tell `r.r` from `r`.
        return resource.equals(name) ? "label " + name.folded() : "member " + resource.folded() + "." + name.folded();
    }

    /**
     * {@code namespace:package/interface@version}.
     *
     * @param namespaces one, or more with nested names
     * @param packageName the last label before the slash
     * @param projections one, or more with nested names; the last is the interface
     * @param version as written behind the {@code @}, or null
     */
    record InterfaceName(
            String text,
            List<String> namespaces,
            String packageName,
            List<String> projections,
            @Nullable String version)
            implements ExternName {
        /** The name of the interface itself. */
        public String interfaceName() {
            return projections.get(projections.size() - 1);
        }

        /** The package: {@code namespace:package}, without version. */
        public String packagePath() {
            return String.join(":", namespaces) + ":" + packageName;
        }

        /** The version, when it is written in full. */
        public @Nullable SemanticVersion semanticVersion() {
            return version == null ? null : SemanticVersion.tryParse(version).orElse(null);
        }

        @Override
        public String uniquenessKey() {
            return "interface " + text;
        }
    }

    /** How a dependency that is no WIT interface is named. */
    enum DependencyKind {
        UNLOCKED,
        LOCKED,
        URL,
        HASH
    }

    /**
     * {@code unlocked-dep=<…>}, {@code locked-dep=<…>}, {@code url=<…>} or {@code integrity=<…>}: of imports
     * only.
     */
    record Dependency(String text, DependencyKind kind) implements ExternName {
        @Override
        public String uniquenessKey() {
            return "dependency " + text;
        }
    }

    /**
     * Reads a name.
     *
     * @param nestedNames whether more than one namespace and projection are allowed (a gated feature)
     * @param versionSuffix the attribute that completes a canonical version, or null
     * @throws InvalidNameException when the text is none
     */
    static ExternName parse(String text, boolean nestedNames, @Nullable String versionSuffix)
            throws InvalidNameException {
        return new ExternNameParser(text, nestedNames, versionSuffix).parse();
    }
}
