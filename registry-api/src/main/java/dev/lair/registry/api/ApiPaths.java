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

    /** {@link PackageDocuments.PackageDocument}. */
    public static final String PACKAGE = PACKAGES + "/{namespace}/{name}";

    /** {@link PackageDocuments.Versions}. */
    public static final String VERSIONS = PACKAGE + "/versions";

    /** {@link PackageDocuments.Dependants}. */
    public static final String DEPENDANTS = PACKAGE + "/dependants";

    /** {@link PackageDocuments.Interfaces}. */
    public static final String INTERFACES = API + "/interfaces";

    /** {@link PackageDocuments.Uses}. */
    public static final String INTERFACE = INTERFACES + "/{namespace}/{packageName}/{item}/{track}";

    /** {@link VersionDocument}. */
    public static final String VERSION = PACKAGES + "/{namespace}/{name}/versions/{version}";

    /** The WIT of a version as text. */
    public static final String VERSION_WIT = VERSION + "/wit";

    /** The WIT of a version as JSON, with types resolved. */
    public static final String VERSION_WIT_MODEL = VERSION + "/wit.json";

    /** Uploads in parts for a release: {@link PublishDocuments.Upload}. */
    public static final String UPLOADS = VERSION + "/uploads";

    /** The content of one. */
    public static final String UPLOAD_CONTENT = UPLOADS + "/{id}/content";

    /** The README of one. */
    public static final String UPLOAD_README = UPLOADS + "/{id}/readme";

    /** Its parts are there: publish them. */
    public static final String UPLOAD_PUBLISH = UPLOADS + "/{id}/publish";

    /** Where a release stands that somebody asked for: {@link PublishDocuments.Release}. */
    public static final String PUBLISH_STATUS = VERSION + "/publish-status/{id}";

    /** The registry withdraws a version with its key. */
    public static final String VERSION_YANK = VERSION + "/yank";

    /** {@link PublishDocuments.Attestations}. */
    public static final String VERSION_ATTESTATIONS = VERSION + "/attestations";

    /** The bytes of a version. */
    public static final String VERSION_CONTENT = VERSION + "/content";

    /** The README of a version, Markdown. */
    public static final String VERSION_README = VERSION + "/readme";

    /** {@link PublishDocuments.PackageRules}. */
    public static final String PACKAGE_RULES = PACKAGES + "/{namespace}/{name}/rules";

    /** {@link PublishDocuments.Custody}. */
    public static final String CUSTODY = PACKAGES + "/{namespace}/{name}/custody";

    /** The owner's own key takes over: {@link PublishDocuments.Takeover}. */
    public static final String CUSTODY_TAKEOVER = CUSTODY + "/takeover";

    /** {@link AccountDocuments.Login}; below it, logins of devices. */
    public static final String LOGIN = API + "/login";

    /** A device asks to be logged in. */
    public static final String DEVICE_LOGIN = LOGIN + "/device";

    /** A device asks whether it was approved. */
    public static final String DEVICE_TOKEN = DEVICE_LOGIN + "/token";

    /** A person approves a device. */
    public static final String DEVICE_APPROVE = DEVICE_LOGIN + "/approve";

    /** By whom people can log in besides passwords: {@link PeopleDocuments.Providers}. */
    public static final String LOGIN_PROVIDERS = LOGIN + "/providers";

    /** Who is asking. */
    public static final String ACCOUNT = API + "/account";

    /** By which identities the account logs in: {@link PeopleDocuments.Identities}. */
    public static final String IDENTITIES = ACCOUNT + "/identities";

    /** One of them. */
    public static final String IDENTITY = IDENTITIES + "/{id}";

    /** Organisations of the account: {@link PeopleDocuments.Organisations}. */
    public static final String ORGANISATIONS = API + "/organisations";

    /** One organisation. */
    public static final String ORGANISATION = ORGANISATIONS + "/{organisation}";

    /** Somebody in it. */
    public static final String ORGANISATION_MEMBER = ORGANISATION + "/members/{login}";

    /** All accounts, for administrators, who make local ones here. */
    public static final String ACCOUNTS = API + "/accounts";

    /** An account may do nothing any more. */
    public static final String ACCOUNT_FREEZE = ACCOUNTS + "/{login}/freeze";

    /** It may again. */
    public static final String ACCOUNT_UNFREEZE = ACCOUNTS + "/{login}/unfreeze";

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

    /** How much it may have: {@link QuotaDocuments.NamespaceQuota}. */
    public static final String NAMESPACE_QUOTA = NAMESPACE + "/quota";

    /** Nobody writes in it: {@link PeopleDocuments.NamespaceFreeze}. */
    public static final String NAMESPACE_FREEZE = NAMESPACE + "/freeze";

    /** Who may does again. */
    public static final String NAMESPACE_UNFREEZE = NAMESPACE + "/unfreeze";

    /** An administrator gives it an owner, whose owner is lost. */
    public static final String NAMESPACE_RECOVER = NAMESPACE + "/recover";

    /** Identities of CI jobs that may release in it: {@link PublisherDocuments.Publishers}. */
    public static final String PUBLISHERS = NAMESPACE + "/publishers";

    /** Which of them an identity is, without using it up. */
    public static final String PUBLISHERS_TEST = PUBLISHERS + "/test";

    /** One of them. */
    public static final String PUBLISHER = PUBLISHERS + "/{id}";

    /** Stop it. */
    public static final String PUBLISHER_FREEZE = PUBLISHER + "/freeze";

    /** Let it go on. */
    public static final String PUBLISHER_UNFREEZE = PUBLISHER + "/unfreeze";

    /** {@link PublisherDocuments.Audience}. */
    public static final String TRUSTED_AUDIENCE = API + "/trusted-publishing/audience";

    /** An identity token for a token of the registry, and that one given up. */
    public static final String TRUSTED_TOKEN = API + "/trusted-publishing/token";

    /** What was done by whom. */
    public static final String AUDIT = API + "/audit";

    /** {@link SearchDocuments.Results}. */
    public static final String SEARCH = API + "/search";

    /** {@link SearchDocuments.Suggestions}. */
    public static final String SUGGEST = SEARCH + "/suggest";

    private ApiPaths() {}

    /** What is known of a package. */
    public static String packageOf(PackageName name) {
        return PACKAGES + "/" + name.namespace() + "/" + name.name();
    }

    /** What is known of a release. */
    public static String version(PackageName name, SemVer version) {
        return PACKAGES + "/" + name.namespace() + "/" + name.name() + "/versions/" + version;
    }

    /** An upload in parts; its parts lie below. */
    public static String upload(PackageName name, SemVer version, String id) {
        return version(name, version) + "/uploads/" + id;
    }

    /** Where a release stands that somebody asked for. */
    public static String publishStatus(PackageName name, SemVer version, String id) {
        return version(name, version) + "/publish-status/" + id;
    }
}
