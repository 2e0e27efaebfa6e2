package dev.lair.registry.api;

import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;

/** Paths of the Lair API that are about packages, relative to the registry's base URL. */
public final class ApiPaths {

    /** Everything below answers problems as RFC 9457 has them. */
    public static final String PACKAGES = "api/v1/packages";

    /** {@link VersionDocument}. */
    public static final String VERSION = PACKAGES + "/{namespace}/{name}/versions/{version}";

    /** The WIT of a version as text. */
    public static final String VERSION_WIT = VERSION + "/wit";

    /** The WIT of a version as JSON, with types resolved. */
    public static final String VERSION_WIT_MODEL = VERSION + "/wit.json";

    private ApiPaths() {}

    /** What is known of a release. */
    public static String version(PackageName name, SemVer version) {
        return PACKAGES + "/" + name.namespace() + "/" + name.name() + "/versions/" + version;
    }
}
