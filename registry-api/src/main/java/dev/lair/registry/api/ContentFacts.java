package dev.lair.registry.api;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What follows from the bytes of a content alone, as the validator of that version found it. Lists are empty, never
 * absent.
 *
 * @param kind {@code core-module}, {@code component} or {@code wit-package}
 * @param packageName the name that a WIT package gives itself, {@code ns:name}
 * @param packageVersion the version that a WIT package gives itself
 * @param wit absent for core modules, and for what WIT cannot say
 * @param imports in order; for core modules {@code module.name}
 * @param interfaces of a WIT package
 * @param worlds of a WIT package
 * @param dependencies other packages that are referred to, by name
 * @param capabilities what the imports ask of a host
 * @param languages that producers sections name, of this binary and all inside it, each once; so are tools and SDKs
 * @param coreModules embedded ones at all depths; empty for a core module itself
 * @param components nested ones at all depths
 * @param gaps what could not be found out, and why, in sentences
 */
public record ContentFacts(
        String kind,
        long sizeBytes,
        Validation validation,
        Metadata metadata,
        @Nullable String packageName,
        @Nullable String packageVersion,
        @Nullable Wit wit,
        List<Extern> imports,
        List<Extern> exports,
        List<Interface> interfaces,
        List<World> worlds,
        List<Dependency> dependencies,
        List<CapabilityUse> capabilities,
        List<Producer> languages,
        List<Producer> tools,
        List<Producer> sdks,
        List<Embedded> coreModules,
        List<Embedded> components,
        List<String> gaps) {

    public static final String CORE_MODULE = "core-module";
    public static final String COMPONENT = "component";
    public static final String WIT_PACKAGE = "wit-package";

    /**
     * Bytes of the facts of one content as JSON: WIT, then everything inside, is left out of what would be larger. WASI's http
     * with all that it refers to takes under a tenth of it.
     */
    public static final int MAX_BYTES = 8 << 20;

    /** Stands in {@code gaps} of a content whose WIT is left out. */
    public static final String WIT_CUT = "the WIT is too long to be told; derive it from the content";

    /** Stands in {@code gaps} of a content of which nearly all is left out, dependencies too. */
    public static final String CUT = "there is too much inside to be told; derive it from the content";

    /** Of a content with so much inside that items are left out. */
    private static final int KEPT_DEPENDENCIES = 1_000;

    public ContentFacts {
        imports = List.copyOf(imports);
        exports = List.copyOf(exports);
        interfaces = List.copyOf(interfaces);
        worlds = List.copyOf(worlds);
        dependencies = List.copyOf(dependencies);
        capabilities = List.copyOf(capabilities);
        languages = List.copyOf(languages);
        tools = List.copyOf(tools);
        sdks = List.copyOf(sdks);
        coreModules = List.copyOf(coreModules);
        components = List.copyOf(components);
        gaps = List.copyOf(gaps);
    }

    /** Whether something is missing that a judgement would need. */
    public boolean lacksItems() {
        return gaps.contains(CUT);
    }

    /** These facts without their WIT, and why. */
    public ContentFacts withoutWit() {
        List<String> more = new ArrayList<>(gaps);
        more.add(WIT_CUT);
        return new ContentFacts(
                kind,
                sizeBytes,
                validation,
                metadata,
                packageName,
                packageVersion,
                null,
                imports,
                exports,
                interfaces,
                worlds,
                dependencies,
                capabilities,
                languages,
                tools,
                sdks,
                coreModules,
                components,
                more);
    }

    /** These facts without WIT, imports, exports and all that is named inside, and why. */
    public ContentFacts withoutItems() {
        return new ContentFacts(
                kind,
                sizeBytes,
                validation,
                new Metadata(null, null, null, null, null, null, null, null),
                packageName,
                packageVersion,
                null,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                dependencies.stream()
                        .limit(KEPT_DEPENDENCIES)
                        .map(each -> new Dependency(each.name(), each.version(), each.how(), List.of()))
                        .toList(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(CUT));
    }

    /**
     * The verdict.
     *
     * @param validator version of the validator that gave it
     * @param features gated features that were on
     * @param verdict {@code valid}; {@code partly-checked}, a valid component with core modules that are not checked;
     *     {@code not-checked}; {@code invalid}
     * @param reason of any verdict but {@code valid}
     * @param offset where, in bytes from the start
     * @param missingFeature under which an invalid one would be valid
     */
    public record Validation(
            String validator,
            List<String> features,
            String verdict,
            @Nullable String reason,
            @Nullable Long offset,
            @Nullable String missingFeature) {

        public static final String VALID = "valid";
        public static final String PARTLY_CHECKED = "partly-checked";
        public static final String NOT_CHECKED = "not-checked";
        public static final String INVALID = "invalid";

        public Validation {
            features = List.copyOf(features);
        }

        /** On one line, for people and for comparing; the validator's version is left out. */
        public String text() {
            return verdict
                    + (reason == null ? "" : ": " + reason)
                    + (offset == null ? "" : " (at offset 0x" + Long.toHexString(offset) + ")")
                    + (missingFeature == null ? "" : "; the feature " + missingFeature + " would allow it");
        }
    }

    /** What custom sections say of the whole: texts by people, claims and no facts. */
    public record Metadata(
            @Nullable String name,
            @Nullable String authors,
            @Nullable String description,
            @Nullable String licenses,
            @Nullable String source,
            @Nullable String homepage,
            @Nullable String revision,
            @Nullable String version) {}

    /**
     * The WIT.
     *
     * @param text as tools print it
     * @param model the same resolved
     */
    public record Wit(String text, WitModel model) {}

    /**
     * An import or export.
     *
     * @param kind the word of the specification: instance, func, type, memory …
     * @param wit the item as WIT says it
     */
    public record Extern(String name, String kind, @Nullable String wit) {}

    /** An interface of a WIT package: one line of WIT for each type and function. */
    public record Interface(String name, @Nullable String docs, List<String> types, List<String> functions) {}

    /** A world of a WIT package. */
    public record World(String name, @Nullable String docs, List<String> imports, List<String> exports) {}

    /**
     * A package that is referred to.
     *
     * @param name {@code ns:name}
     * @param how any of {@code used}, {@code imported}, {@code exported}
     */
    public record Dependency(String name, @Nullable String version, List<String> how, List<String> interfaces) {}

    /**
     * What a host has to give.
     *
     * @param name as {@code filesystem}
     * @param gives in words
     * @param imports that ask for it
     */
    public record CapabilityUse(String name, String gives, List<String> imports) {}

    /** A language, tool or SDK. */
    public record Producer(String name, String version) {}

    /**
     * A binary inside this one.
     *
     * @param path as {@code component[1]/core-module[0]}
     * @param name that it gives itself
     * @param digest {@code sha256:…} of its bytes
     */
    public record Embedded(String path, @Nullable String name, long offset, long sizeBytes, String digest) {}
}
