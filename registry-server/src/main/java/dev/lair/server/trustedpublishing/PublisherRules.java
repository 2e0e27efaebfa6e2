package dev.lair.server.trustedpublishing;

import dev.lair.server.trustedpublishing.ExchangeRefused.Code;
import dev.lair.server.trustedpublishing.ExchangeRefused.Difference;
import dev.lair.server.trustedpublishing.Mismatch.Step;
import dev.lair.server.trustedpublishing.TrustedPublisher.Status;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The steps of {@link PublisherMatch}, in the order of section 4; each is one claim. */
final class PublisherRules {

    private PublisherRules() {}

    /** What no publisher can allow: the event that began the run (but see {@link #forge}, step 7), and the machine. */
    static Optional<Mismatch> job(TrustedIssuer issuer, IdentityClaims claims) {
        if (!(claims instanceof ForgeClaims forge)) {
            return Optional.empty();
        }
        ForgeClaims.Names names = forge.names();
        if (!names.events().contains(forge.event()) && !forge.event().equals(ForgeClaims.SCHEDULE)) {
            return differs(
                    Step.EVENT,
                    Code.EVENT_NOT_ALLOWED,
                    names.event(),
                    String.join(", ", names.events()),
                    forge.event(),
                    "runs that this event began may not publish: a stranger may have begun them, or may have chosen what they read");
        }
        String runner = forge.runner();
        if (!issuer.settings().selfHostedRunners() && !names.hosted().equals(runner)) {
            return differs(
                    Step.RUNNER,
                    Code.EVENT_NOT_ALLOWED,
                    ForgeClaims.RUNNER,
                    names.hosted(),
                    runner,
                    "jobs may publish from the forge's own machines alone; the registry's operator can allow others"
                            + " (lair.trusted-publishing.issuers[…].self-hosted-runners)");
        }
        return Optional.empty();
    }

    /** A job of GitHub or GitLab, which {@link #job} let through. */
    static Optional<Mismatch> forge(ForgeClaims claims, TrustedPublisher publisher) {
        // 1. The repository: by its id where it is known, by its name otherwise.
        Optional<Mismatch> found = repository(claims, publisher);
        // 2. Its owner's id: a repository that was handed over publishes no more, and neither does a name taken anew.
        found = found.or(() -> id(
                Step.OWNER_ID,
                Code.OWNER_ID_MISMATCH,
                claims.names().ownerId(),
                publisher.ownerId(),
                claims.ownerId()));
        // 3. The file that began the run, and 4. the file of the job.
        found = found.or(() -> workflow(claims, publisher));
        if (claims instanceof GithubClaims github) {
            found = found.or(() -> reusableWorkflow(github, publisher.reusableWorkflow()));
        }
        // 5. The environment.
        found = found.or(() -> environment(claims, publisher));
        // 6. The ref.
        found = found.or(() -> ref(claims, publisher));
        // 7. A timer, where the publisher takes it.
        if (claims.event().equals(ForgeClaims.SCHEDULE) && !publisher.schedule()) {
            found = found.or(() -> differs(
                    Step.SCHEDULE,
                    Code.EVENT_NOT_ALLOWED,
                    claims.names().event(),
                    String.join(", ", claims.names().events()),
                    claims.event(),
                    "the publisher does not take runs that a timer began; its owner can allow them"));
        }
        // 8. It is not stopped.
        return found.or(() -> status(publisher));
    }

    private static Optional<Mismatch> repository(ForgeClaims claims, TrustedPublisher publisher) {
        ForgeClaims.Names names = claims.names();
        boolean sameName = AsciiCase.same(publisher.fullName(), claims.repository());
        String id = publisher.repositoryId();
        if (id == null ? sameName : id.equals(claims.repositoryId())) {
            return Optional.empty();
        }
        if (!sameName) {
            return differs(
                    Step.REPOSITORY,
                    Code.NO_PUBLISHER,
                    names.repository(),
                    publisher.fullName(),
                    claims.repository(),
                    "the publisher is for another repository");
        }
        return id(Step.REPOSITORY_ID, Code.REPOSITORY_ID_MISMATCH, names.repositoryId(), id, claims.repositoryId());
    }

    private static Optional<Mismatch> id(Step step, Code code, String claim, @Nullable String expected, String actual) {
        return expected == null || expected.equals(actual)
                ? Optional.empty()
                : differs(
                        step,
                        code,
                        claim,
                        expected,
                        actual,
                        "the name is the publisher's and the id is not: it was handed over, or deleted and made again."
                                + " If it is yours, remove the publisher and add it anew");
    }

    private static Optional<Mismatch> workflow(ForgeClaims claims, TrustedPublisher publisher) {
        String expected = publisher.workflow();
        return expected != null && expected.equals(claims.workflowName())
                ? Optional.empty()
                : differs(
                        Step.WORKFLOW,
                        Code.WORKFLOW_MISMATCH,
                        claims.names().workflow(),
                        expected,
                        claims.workflowName(),
                        "the run was begun by another file than the publisher names");
    }

    /** The pin names a file, and may name its ref or commit behind an @. */
    private static Optional<Mismatch> reusableWorkflow(GithubClaims claims, @Nullable String pin) {
        if (pin == null) {
            return Optional.empty();
        }
        WorkflowFile job = claims.jobWorkflow();
        int at = pin.indexOf('@');
        String file = at < 0 ? pin : pin.substring(0, at);
        String state = at < 0 ? null : pin.substring(at + 1);
        boolean same = job != null
                && sameFile(file, job)
                && (state == null || state.equals(job.ref()) || state.equals(claims.jobWorkflowSha()));
        return same
                ? Optional.empty()
                : differs(
                        Step.REUSABLE_WORKFLOW,
                        Code.WORKFLOW_MISMATCH,
                        "job_workflow_ref",
                        pin,
                        job == null ? null : job.toString(),
                        "the job is in another file than the publisher demands");
    }

    /** Names of repositories without regard to case, paths in them letter by letter. */
    private static boolean sameFile(String pinned, WorkflowFile job) {
        int path = pinned.indexOf('/', pinned.indexOf('/') + 1);
        return AsciiCase.same(pinned.substring(0, path), job.repository())
                && pinned.substring(path + 1).equals(job.path());
    }

    private static Optional<Mismatch> environment(ForgeClaims claims, TrustedPublisher publisher) {
        String expected = publisher.environment();
        String actual = claims.environment();
        return expected == null || (actual != null && AsciiCase.same(expected, actual))
                ? Optional.empty()
                : differs(
                        Step.ENVIRONMENT,
                        Code.ENVIRONMENT_MISMATCH,
                        "environment",
                        expected,
                        actual,
                        "the job must run in the environment that the publisher names; say `environment: " + expected
                                + "` in the job");
    }

    private static Optional<Mismatch> ref(ForgeClaims claims, TrustedPublisher publisher) {
        RefPattern demanded = publisher.refPattern();
        // Any job of any branch of a GitLab project can run the pipeline's file in a state of its own: without an
        // environment only the forge's guard of the ref is between a contributor and a release.
        if (claims instanceof GitlabClaims && publisher.environment() == null) {
            demanded = new RefPattern(true, demanded == null ? null : demanded.glob());
        }
        return demanded == null || demanded.allows(claims.ref(), claims.refProtected())
                ? Optional.empty()
                : differs(
                        Step.REF,
                        Code.REF_MISMATCH,
                        "ref",
                        demanded.toString(),
                        claims.ref() + (claims.refProtected() ? " (protected)" : " (not protected)"),
                        "the run is of a ref that may not publish");
    }

    private static Optional<Mismatch> status(TrustedPublisher publisher) {
        return publisher.status() != Status.FROZEN
                ? Optional.empty()
                : Optional.of(new Mismatch(
                        Step.STATUS,
                        Code.DISABLED,
                        new Difference("publisher", null, null),
                        "the publisher " + publisher.id()
                                + " is frozen; an owner of the namespace can make it active"));
    }

    /** Every claim that the publisher demands, letter by letter. An e-mail address counts once it was verified. */
    static Optional<Mismatch> generic(GenericClaims claims, TrustedPublisher publisher) {
        Map<String, String> demanded = new TreeMap<>(publisher.claims());
        if (demanded.containsKey("email")) {
            demanded.put("email_verified", "true");
        }
        for (Map.Entry<String, String> claim : demanded.entrySet()) {
            String actual = claims.shown().get(claim.getKey());
            if (!claim.getValue().equals(actual)) {
                return differs(
                        Step.REPOSITORY,
                        Code.NO_PUBLISHER,
                        claim.getKey(),
                        claim.getValue(),
                        actual,
                        "the publisher demands another value");
            }
        }
        return status(publisher);
    }

    private static Optional<Mismatch> differs(
            Step step, Code code, String claim, @Nullable String expected, @Nullable String actual, String why) {
        return Optional.of(new Mismatch(
                step,
                code,
                new Difference(claim, expected, actual),
                "the claim " + claim + " is " + (actual == null ? "missing" : "`" + actual + "`") + ", expected "
                        + (expected == null ? "another" : "`" + expected + "`") + ": " + why));
    }
}
