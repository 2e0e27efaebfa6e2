package dev.lair.server.trustedpublishing;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the tokens of GitHub and GitLab have in common, whatever each calls it. */
sealed interface ForgeClaims extends IdentityClaims permits GithubClaims, GitlabClaims {

    /**
     * How a forge calls these claims, and what may publish there.
     *
     * @param events what may have begun the run; a timer may too, where a publisher says so
     * @param hosted what {@code runner_environment} says of the forge's own machines
     */
    record Names(
            String repository,
            String repositoryId,
            String ownerId,
            String workflow,
            String event,
            List<String> events,
            String hosted) {}

    /** Of both: a run that a timer began. */
    String SCHEDULE = "schedule";

    /** Of both: the claim about the machine. */
    String RUNNER = "runner_environment";

    /** Its full name, as it is called today. */
    String repository();

    /** What it keeps when it is renamed. */
    String repositoryId();

    /** The same of its owner. */
    String ownerId();

    /** The file that began the run, as publishers name it; null when it is not of the repository. */
    @Nullable
    String workflowName();

    @Nullable
    String environment();

    String ref();

    boolean refProtected();

    /** What began the run. */
    String event();

    @Nullable
    String runner();

    Names names();
}
