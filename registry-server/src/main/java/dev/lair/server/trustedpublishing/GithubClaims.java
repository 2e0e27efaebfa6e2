package dev.lair.server.trustedpublishing;

import dev.lair.server.settings.LairSettings.IssuerKind;
import java.util.List;
import java.util.SortedMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Claims of GitHub Actions (section 2).
 *
 * @param repository {@code OWNER/REPOSITORY}, as it is called today
 * @param repositoryId which it keeps when it is renamed; another repository of the same name has another
 * @param ownerId the same of its owner
 * @param workflow the file that began the run
 * @param jobWorkflow the file that has the job: a reusable workflow's, or {@code workflow} once more
 * @param jobWorkflowSha the commit of {@code jobWorkflow}
 * @param ref {@code refs/heads/…} or {@code refs/tags/…}
 * @param refProtected whether rules of the forge guard the ref
 * @param environment the deployment environment of the job, with whatever approval that asks for
 * @param event what began the run
 * @param runner {@code github-hosted} or {@code self-hosted}
 * @param shown see {@link IdentityClaims#shown}
 */
record GithubClaims(
        String repository,
        String repositoryId,
        String ownerId,
        WorkflowFile workflow,
        @Nullable WorkflowFile jobWorkflow,
        @Nullable String jobWorkflowSha,
        String ref,
        boolean refProtected,
        @Nullable String environment,
        String event,
        @Nullable String runner,
        SortedMap<String, String> shown)
        implements ForgeClaims {

    /** ASCII, wider than what a publisher may name: accounts of companies have an underscore. */
    static final Pattern REPOSITORY = Pattern.compile("[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+");

    private static final Names NAMES = new Names(
            "repository",
            "repository_id",
            "repository_owner_id",
            "workflow_ref",
            "event_name",
            // A pull request's events run with the rights of the base and files of a stranger; so does what follows
            // them.
            List.of("push", "release", "workflow_dispatch"),
            "github-hosted");

    static GithubClaims read(ClaimReader claims) throws ExchangeRefused {
        ShownClaims shown = new ShownClaims(claims);
        String jobWorkflow = shown.optional("job_workflow_ref");
        shown.text("sha");
        shown.optional("run_id");
        shown.optional("run_attempt");
        shown.optional("actor_id");
        shown.optional("repository_visibility");
        shown.optional("ref_type");
        return new GithubClaims(
                shown.text("repository", REPOSITORY, "of the form owner/repository"),
                shown.id("repository_id"),
                shown.id("repository_owner_id"),
                workflow("workflow_ref", shown.text("workflow_ref")),
                jobWorkflow == null ? null : workflow("job_workflow_ref", jobWorkflow),
                shown.optional("job_workflow_sha"),
                shown.text("ref"),
                shown.flag("ref_protected"),
                shown.optional("environment"),
                shown.text("event_name"),
                shown.optional("runner_environment"),
                shown.all());
    }

    private static WorkflowFile workflow(String claim, String text) throws ExchangeRefused {
        return WorkflowFile.parse(text)
                .orElseThrow(() -> ExchangeRefused.malformed("the claim " + claim + " is not " + WorkflowFile.RULE));
    }

    @Override
    public IssuerKind kind() {
        return IssuerKind.GITHUB;
    }

    /** By {@code workflow_ref}: with reusable workflows {@code job_workflow_ref} may be a stranger's file. */
    @Override
    public String workflowName() {
        return workflow.nameIn(repository);
    }

    @Override
    public Names names() {
        return NAMES;
    }
}
