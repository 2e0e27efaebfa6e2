package dev.lair.server.trustedpublishing;

import dev.lair.server.settings.LairSettings.IssuerKind;
import java.util.List;
import java.util.SortedMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Claims of GitLab CI (section 2).
 *
 * @param repository {@code GROUP/…/PROJECT}, as it is called today
 * @param repositoryId which it keeps when it is renamed
 * @param ownerId the same of the group or user that has it
 * @param configFile path of the file that began the pipeline, in the project; null when it is not of the project
 * @param ref {@code refs/heads/…} or {@code refs/tags/…}
 * @param refProtected whether rules of the forge guard the ref
 * @param environment the deployment environment of the job
 * @param event what began the pipeline
 * @param runner {@code gitlab-hosted} or {@code self-hosted}
 * @param shown see {@link IdentityClaims#shown}
 */
record GitlabClaims(
        String repository,
        String repositoryId,
        String ownerId,
        @Nullable String configFile,
        String ref,
        boolean refProtected,
        @Nullable String environment,
        String event,
        @Nullable String runner,
        SortedMap<String, String> shown)
        implements ForgeClaims {

    static final Pattern PROJECT = Pattern.compile("[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)+");

    private static final Pattern REF = Pattern.compile("refs/.+");

    private static final Names NAMES = new Names(
            "project_path",
            "project_id",
            "namespace_id",
            "ci_config_ref_uri",
            "pipeline_source",
            // A pushed tag is a push, and so is the tag of a release.
            List.of("push", "web"),
            "gitlab-hosted");

    static GitlabClaims read(ClaimReader claims) throws ExchangeRefused {
        ShownClaims shown = new ShownClaims(claims);
        String project = shown.text("project_path", PROJECT, "of the form group/project");
        shown.text("sha");
        shown.optional("job_id");
        shown.optional("pipeline_id");
        shown.optional("project_visibility");
        shown.optional("ref_type");
        return new GitlabClaims(
                project,
                shown.id("project_id"),
                shown.id("namespace_id"),
                configFile(shown.optional("ci_config_ref_uri"), project),
                shown.text("ref_path", REF, "of the form refs/heads/… or refs/tags/…"),
                shown.flag("ref_protected"),
                shown.optional("environment"),
                shown.text("pipeline_source"),
                shown.optional("runner_environment"),
                shown.all());
    }

    /** Of {@code HOST/GROUP/PROJECT//PATH@REF} the path, where the project is the token's own. */
    private static @Nullable String configFile(@Nullable String uri, String project) throws ExchangeRefused {
        if (uri == null) {
            return null;
        }
        int path = uri.indexOf("//");
        int ref = uri.indexOf('@', path + 2);
        if (path < 0 || ref <= path + 2) {
            throw ExchangeRefused.malformed(
                    "the claim ci_config_ref_uri is not of the form host/group/project//path@ref");
        }
        boolean own = AsciiCase.folded(uri.substring(0, path)).endsWith("/" + AsciiCase.folded(project));
        return own ? uri.substring(path + 2, ref) : null;
    }

    @Override
    public IssuerKind kind() {
        return IssuerKind.GITLAB;
    }

    @Override
    public @Nullable String workflowName() {
        return configFile;
    }

    @Override
    public Names names() {
        return NAMES;
    }
}
