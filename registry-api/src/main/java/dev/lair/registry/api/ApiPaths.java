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

    /** {@link AccountDocuments.Login}; below it, logins of devices. */
    public static final String LOGIN = API + "/login";

    /** A device asks to be logged in. */
    public static final String DEVICE_LOGIN = LOGIN + "/device";

    /** A device asks whether it was approved. */
    public static final String DEVICE_TOKEN = DEVICE_LOGIN + "/token";

    /** A person approves a device. */
    public static final String DEVICE_APPROVE = DEVICE_LOGIN + "/approve";

    /** Who is asking. */
    public static final String ACCOUNT = API + "/account";

    /** Local accounts, made by administrators. */
    public static final String ACCOUNTS = API + "/accounts";

    /** The session itself, to end it. */
    public static final String SESSION = API + "/session";

    /** The account's API tokens. */
    public static final String TOKENS = API + "/tokens";

    /** One of them. */
    public static final String TOKEN = TOKENS + "/{id}";

    /** Namespaces of the account. */
    public static final String NAMESPACES = API + "/namespaces";

    /** One namespace. */
    public static final String NAMESPACE = NAMESPACES + "/{namespace}";

    /** Somebody's role in it. */
    public static final String NAMESPACE_MEMBER = NAMESPACE + "/members/{login}";

    /** To somebody else. */
    public static final String NAMESPACE_TRANSFER = NAMESPACE + "/transfer";

    /** An administrator lets it be. */
    public static final String NAMESPACE_APPROVE = NAMESPACE + "/approve";

    /** An administrator does not. */
    public static final String NAMESPACE_REJECT = NAMESPACE + "/reject";

    /** What was done by whom. */
    public static final String AUDIT = API + "/audit";

    private ApiPaths() {}

    /** What is known of a release. */
    public static String version(PackageName name, SemVer version) {
        return PACKAGES + "/" + name.namespace() + "/" + name.name() + "/versions/" + version;
    }
}
