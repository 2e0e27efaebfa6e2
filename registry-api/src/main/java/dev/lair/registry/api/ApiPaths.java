package dev.lair.registry.api;

import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;

/** Paths of the Lair API, relative to the registry's base URL. */
public final class ApiPaths {

    /** Everything below answers problems as RFC 9457 has them, except {@link #OPERATOR}. */
    public static final String API = "api/v1";

    /** Below, errors have the form of the warg API, as the bodies have. */
    public static final String OPERATOR = API + "/operator";

    /** What is told about packages. */
    public static final String PACKAGES = API + "/packages";

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
