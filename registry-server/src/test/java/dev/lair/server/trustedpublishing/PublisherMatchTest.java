package dev.lair.server.trustedpublishing;

import static dev.lair.server.trustedpublishing.ForgedIssuer.githubClaims;
import static dev.lair.server.trustedpublishing.ForgedIssuer.gitlabClaims;
import static dev.lair.server.trustedpublishing.ForgedIssuer.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.server.settings.LairSettings.IssuerKind;
import dev.lair.server.settings.LairSettings.IssuerSettings;
import dev.lair.server.trustedpublishing.ExchangeRefused.Code;
import dev.lair.server.trustedpublishing.ExchangeRefused.Difference;
import dev.lair.server.trustedpublishing.PublisherMatch.Matched;
import dev.lair.server.trustedpublishing.PublisherMatch.Nearest;
import dev.lair.server.trustedpublishing.TrustedPublisher.Status;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Steps of the match, each with who must not get in. */
class PublisherMatchTest {

    private final PublisherOf publisher = PublisherOf.github();

    private static PublisherMatch find(Map<String, Object> claims, TrustedPublisher... publishers)
            throws ExchangeRefused {
        IssuerKind kind = publishers.length == 0 ? IssuerKind.GITHUB : publishers[0].kind();
        return PublisherMatch.find(
                ForgedIssuer.issuer(ForgedIssuer.URL, kind), ForgedIssuer.read(kind, claims), List.of(publishers));
    }

    private static void assertMatches(Map<String, Object> claims, TrustedPublisher publisher) throws ExchangeRefused {
        assertThat(find(claims, publisher)).isEqualTo(new Matched(publisher, List.of(publisher)));
    }

    private static Mismatch mismatch(Map<String, Object> claims, TrustedPublisher... publishers)
            throws ExchangeRefused {
        PublisherMatch match = find(claims, publishers);
        assertThat(match).isInstanceOf(Nearest.class);
        return ((Nearest) match).mismatch();
    }

    private static void assertDiffers(
            Mismatch mismatch, Code code, String claim, @Nullable String expected, @Nullable String actual) {
        assertThat(mismatch.code()).as(mismatch.message()).isEqualTo(code);
        assertThat(mismatch.difference()).isEqualTo(new Difference(claim, expected, actual));
        assertThat(mismatch.message()).contains(claim);
        if (expected != null) {
            assertThat(mismatch.message()).contains(expected);
        }
        if (actual != null) {
            assertThat(mismatch.message()).contains(actual);
        }
        assertThat(mismatch.refused().difference()).contains(mismatch.difference());
    }

    @Test
    void jobThatAgreesInEveryFieldIsThePublisher() throws ExchangeRefused {
        publisher.environment = "release";
        publisher.refPattern = "protected refs/tags/v*";
        publisher.reusableWorkflow = "octo-org/widgets/.github/workflows/release.yml";
        assertMatches(githubClaims(), publisher.make());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"repo:octo-org/widgets:environment:release", "repo:octo-org@65/widgets@74:environment:release"})
    void bothFormsOfGithubsSubjectMatch(String subject) throws ExchangeRefused {
        assertMatches(with(githubClaims(), "sub", subject), publisher.make());
    }

    // --- issuer: PyPI 2026-12 ---

    @Test
    void publisherOfAnotherIssuerNeverMatches() throws ExchangeRefused {
        publisher.issuer = "https://token.actions.githubusercontent.com";
        Mismatch mismatch = mismatch(githubClaims(), publisher.make());
        assertThat(mismatch.code()).isEqualTo(Code.NO_PUBLISHER);
        assertThat(PublisherMatch.mismatch(
                        ForgedIssuer.github(), ForgedIssuer.read(IssuerKind.GITHUB, githubClaims()), publisher.make()))
                .hasValueSatisfying(told -> assertDiffers(
                        told,
                        Code.NO_PUBLISHER,
                        "iss",
                        "https://token.actions.githubusercontent.com",
                        ForgedIssuer.URL));
    }

    @Test
    void publisherOfAnotherKindNeverMatches() throws ExchangeRefused {
        PublisherMatch match = PublisherMatch.find(
                ForgedIssuer.github(),
                ForgedIssuer.read(IssuerKind.GITHUB, githubClaims()),
                List.of(
                        PublisherOf.gitlab().make(),
                        PublisherOf.generic(Map.of("sub", "x")).make()));
        assertThat(match).isInstanceOf(Nearest.class);
    }

    // --- what began the run, and where it runs ---

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pull_request_target",
                "workflow_run",
                "pull_request",
                "issue_comment",
                "repository_dispatch",
                "merge_group",
                "Push",
                "of-tomorrow"
            })
    void eventThatAStrangerMayBeginIsRefused(String event) throws ExchangeRefused {
        publisher.schedule = true;
        assertDiffers(
                mismatch(with(githubClaims(), "event_name", event), publisher.make()),
                Code.EVENT_NOT_ALLOWED,
                "event_name",
                "push, release, workflow_dispatch",
                event);
    }

    @ParameterizedTest
    @ValueSource(strings = {"push", "release", "workflow_dispatch"})
    void eventOfAnAuthorIsTaken(String event) throws ExchangeRefused {
        assertMatches(with(githubClaims(), "event_name", event), publisher.make());
    }

    @Test
    void timerBeginsReleasesOnlyWhereThePublisherSaysSo() throws ExchangeRefused {
        Map<String, Object> claims = with(githubClaims(), "event_name", "schedule");
        assertDiffers(
                mismatch(claims, publisher.make()),
                Code.EVENT_NOT_ALLOWED,
                "event_name",
                "push, release, workflow_dispatch",
                "schedule");
        publisher.schedule = true;
        assertMatches(claims, publisher.make());
        PublisherOf gitlab = PublisherOf.gitlab();
        gitlab.schedule = true;
        assertMatches(with(gitlabClaims(), "pipeline_source", "schedule"), gitlab.make());
    }

    @ParameterizedTest
    @CsvSource({
        "push, true",
        "web, true",
        "merge_request_event, false",
        "external_pull_request_event, false",
        "pipeline, false",
        "parent_pipeline, false",
        "trigger, false",
        "schedule, false"
    })
    void pipelineOfGitlabIsBegunByAPushOrByHand(String source, boolean taken) throws ExchangeRefused {
        Map<String, Object> claims = with(gitlabClaims(), "pipeline_source", source);
        TrustedPublisher gitlab = PublisherOf.gitlab().make();
        if (taken) {
            assertMatches(claims, gitlab);
        } else {
            assertDiffers(mismatch(claims, gitlab), Code.EVENT_NOT_ALLOWED, "pipeline_source", "push, web", source);
        }
    }

    @Test
    void machineThatTheForgeDoesNotProvideNeedsTheOperatorsWord() throws ExchangeRefused {
        for (String runner : new String[] {"self-hosted", "gitlab-hosted", null}) {
            assertDiffers(
                    mismatch(with(githubClaims(), "runner_environment", runner), publisher.make()),
                    Code.EVENT_NOT_ALLOWED,
                    "runner_environment",
                    "github-hosted",
                    runner);
        }
        TrustedIssuer allowing = new TrustedIssuer(
                new IssuerSettings(ForgedIssuer.URL, IssuerKind.GITHUB, "*", null, true, false, false));
        Map<String, Object> claims = with(githubClaims(), "runner_environment", "self-hosted");
        assertThat(PublisherMatch.find(
                        allowing, ForgedIssuer.read(IssuerKind.GITHUB, claims), List.of(publisher.make())))
                .isInstanceOf(Matched.class);
    }

    // --- resurrection: ids first ---

    @Test
    void repositoryThatWasMadeAgainUnderItsNameIsAnother() throws ExchangeRefused {
        assertDiffers(
                mismatch(with(githubClaims(), "repository_id", "99"), publisher.make()),
                Code.REPOSITORY_ID_MISMATCH,
                "repository_id",
                "74",
                "99");
        assertDiffers(
                mismatch(
                        with(gitlabClaims(), "project_id", "99"),
                        PublisherOf.gitlab().make()),
                Code.REPOSITORY_ID_MISMATCH,
                "project_id",
                "20",
                "99");
    }

    @Test
    void ownerThatWasMadeAgainUnderItsNameIsAnother() throws ExchangeRefused {
        publisher.repositoryId = null;
        assertDiffers(
                mismatch(with(githubClaims(), "repository_owner_id", "99"), publisher.make()),
                Code.OWNER_ID_MISMATCH,
                "repository_owner_id",
                "65",
                "99");
        assertDiffers(
                mismatch(
                        with(gitlabClaims(), "namespace_id", "99"),
                        PublisherOf.gitlab().make()),
                Code.OWNER_ID_MISMATCH,
                "namespace_id",
                "72",
                "99");
    }

    @Test
    void repositoryThatWasHandedOverPublishesNoMore() throws ExchangeRefused {
        Map<String, Object> claims = with(githubClaims(), "repository", "new-owner/widgets");
        claims = with(claims, "workflow_ref", "new-owner/widgets/.github/workflows/release.yml@refs/tags/v1");
        assertDiffers(
                mismatch(with(claims, "repository_owner_id", "99"), publisher.make()),
                Code.OWNER_ID_MISMATCH,
                "repository_owner_id",
                "65",
                "99");
    }

    @Test
    void repositoryThatWasRenamedStaysThePublisher() throws ExchangeRefused {
        Map<String, Object> claims = with(githubClaims(), "repository", "octo-org/gadgets");
        claims = with(claims, "workflow_ref", "octo-org/gadgets/.github/workflows/release.yml@refs/tags/v1");
        assertMatches(claims, publisher.make());
    }

    @Test
    void idsThatAreNotKnownArePinnedToTheFirstUse() throws ExchangeRefused {
        publisher.ownerId = null;
        publisher.repositoryId = null;
        TrustedPublisher unpinned = publisher.make();
        assertMatches(githubClaims(), unpinned);
        TrustedPublisher pinned = unpinned.pinnedTo(ForgedIssuer.read(IssuerKind.GITHUB, githubClaims()));
        assertThat(pinned.ownerId()).isEqualTo("65");
        assertThat(pinned.repositoryId()).isEqualTo("74");
        assertThat(mismatch(with(githubClaims(), "repository_id", "99"), pinned).code())
                .isEqualTo(Code.REPOSITORY_ID_MISMATCH);
        assertThat(pinned.pinnedTo(
                        ForgedIssuer.read(IssuerKind.GITHUB, with(githubClaims(), "repository_owner_id", "99"))))
                .isEqualTo(pinned);
    }

    @Test
    void otherRepositoryIsNoPublisherAndNothingOfOthersIsTold() throws ExchangeRefused {
        Map<String, Object> claims = with(githubClaims(), "repository", "evil/widgets");
        claims = with(claims, "repository_id", "99");
        assertDiffers(mismatch(claims, publisher.make()), Code.NO_PUBLISHER, "repository", null, "evil/widgets");
        assertDiffers(mismatch(githubClaims()), Code.NO_PUBLISHER, "repository", null, "octo-org/widgets");
    }

    // --- case, Unicode ---

    @Test
    void namesAreComparedWithoutRegardToAsciiCase() throws ExchangeRefused {
        publisher.owner = "Octo-Org";
        publisher.repository = "WIDGETS";
        publisher.repositoryId = null;
        publisher.environment = "Release";
        assertMatches(githubClaims(), publisher.make());
    }

    @Test
    void environmentThatOnlyLooksTheSameIsAnother() throws ExchangeRefused {
        publisher.environment = "release";
        for (String environment : List.of("relea\u017fe", "releas\u0435", "release ")) {
            assertThat(mismatch(with(githubClaims(), "environment", environment), publisher.make())
                            .code())
                    .isEqualTo(Code.ENVIRONMENT_MISMATCH);
        }
    }

    @Test
    void fileNamesAreComparedLetterByLetter() throws ExchangeRefused {
        publisher.workflow = "Release.yml";
        assertThat(mismatch(githubClaims(), publisher.make()).code()).isEqualTo(Code.WORKFLOW_MISMATCH);
    }

    // --- workflow ---

    @Test
    void anotherWorkflowOfTheRepositoryIsRefused() throws ExchangeRefused {
        assertDiffers(
                mismatch(
                        with(
                                githubClaims(),
                                "workflow_ref",
                                "octo-org/widgets/.github/workflows/ci.yml@refs/heads/main"),
                        publisher.make()),
                Code.WORKFLOW_MISMATCH,
                "workflow_ref",
                "release.yml",
                "ci.yml");
    }

    /** The job's own file may be a reusable workflow of somebody else; what began the run is what the owner wrote. */
    @Test
    void workflowIsTheOneThatBeganTheRunAndNotTheJobsFile() throws ExchangeRefused {
        String shared = "octo-org/shared/.github/workflows/release.yml@refs/heads/main";
        assertMatches(with(githubClaims(), "job_workflow_ref", shared), publisher.make());
        String ci = "octo-org/widgets/.github/workflows/ci.yml@refs/heads/main";
        assertThat(mismatch(with(githubClaims(), "workflow_ref", ci), publisher.make())
                        .code())
                .isEqualTo(Code.WORKFLOW_MISMATCH);
    }

    @Test
    void workflowOfTheSameNameInAnotherRepositoryIsRefused() throws ExchangeRefused {
        String evil = "evil/widgets/.github/workflows/release.yml@refs/heads/main";
        assertThat(mismatch(with(githubClaims(), "workflow_ref", evil), publisher.make())
                        .code())
                .isEqualTo(Code.WORKFLOW_MISMATCH);
    }

    @ParameterizedTest
    @CsvSource({
        "octo-org/shared/.github/workflows/wasm.yml, true",
        "Octo-Org/SHARED/.github/workflows/wasm.yml, true",
        "octo-org/shared/.github/workflows/wasm.yml@refs/tags/v3, true",
        "octo-org/shared/.github/workflows/wasm.yml@0000000000000000000000000000000000000003, true",
        "octo-org/shared/.github/workflows/wasm.yml@refs/tags/v2, false",
        "octo-org/shared/.github/workflows/wasm.yml@0000000000000000000000000000000000000002, false",
        "octo-org/shared/.github/workflows/Wasm.yml, false",
        "octo-org/other/.github/workflows/wasm.yml, false",
        "evil/shared/.github/workflows/wasm.yml, false"
    })
    void jobIsInTheFileThatThePublisherPins(String pin, boolean taken) throws ExchangeRefused {
        String job = "octo-org/shared/.github/workflows/wasm.yml@refs/tags/v3";
        Map<String, Object> claims = with(githubClaims(), "job_workflow_ref", job);
        claims = with(claims, "job_workflow_sha", "0000000000000000000000000000000000000003");
        publisher.reusableWorkflow = pin;
        if (taken) {
            assertMatches(claims, publisher.make());
        } else {
            assertDiffers(mismatch(claims, publisher.make()), Code.WORKFLOW_MISMATCH, "job_workflow_ref", pin, job);
        }
        assertDiffers(
                mismatch(with(claims, "job_workflow_ref", null), publisher.make()),
                Code.WORKFLOW_MISMATCH,
                "job_workflow_ref",
                pin,
                null);
    }

    @Test
    void pipelineOfGitlabFromAnotherFileOrProjectIsRefused() throws ExchangeRefused {
        TrustedPublisher gitlab = PublisherOf.gitlab().make();
        assertMatches(gitlabClaims(), gitlab);
        assertDiffers(
                mismatch(
                        with(
                                gitlabClaims(),
                                "ci_config_ref_uri",
                                "gitlab.example/acme/tools/widgets//x.yml@refs/heads/m"),
                        gitlab),
                Code.WORKFLOW_MISMATCH,
                "ci_config_ref_uri",
                ".gitlab-ci.yml",
                "x.yml");
        assertDiffers(
                mismatch(with(gitlabClaims(), "ci_config_ref_uri", null), gitlab),
                Code.WORKFLOW_MISMATCH,
                "ci_config_ref_uri",
                ".gitlab-ci.yml",
                null);
    }

    // --- environment ---

    @Test
    void jobOutsideOfTheEnvironmentIsRefused() throws ExchangeRefused {
        publisher.environment = "release";
        assertDiffers(
                mismatch(with(githubClaims(), "environment", "staging"), publisher.make()),
                Code.ENVIRONMENT_MISMATCH,
                "environment",
                "release",
                "staging");
        assertDiffers(
                mismatch(with(githubClaims(), "environment", null), publisher.make()),
                Code.ENVIRONMENT_MISMATCH,
                "environment",
                "release",
                null);
    }

    @Test
    void publisherThatIsBoundToTheEnvironmentIsPreferred() throws ExchangeRefused {
        TrustedPublisher loose = publisher.make();
        publisher.id = "pub_2";
        publisher.environment = "release";
        TrustedPublisher bound = publisher.make();
        assertThat(find(githubClaims(), loose, bound)).isEqualTo(new Matched(bound, List.of(bound, loose)));
        assertThat(find(githubClaims(), bound, loose)).isEqualTo(new Matched(bound, List.of(bound, loose)));
        assertMatches(with(githubClaims(), "environment", null), loose);
    }

    // --- ref ---

    @Test
    void runOfAnotherRefIsRefused() throws ExchangeRefused {
        publisher.refPattern = "refs/tags/v*";
        assertDiffers(
                mismatch(with(githubClaims(), "ref", "refs/heads/main"), publisher.make()),
                Code.REF_MISMATCH,
                "ref",
                "refs/tags/v*",
                "refs/heads/main (protected)");
        publisher.refPattern = "protected";
        assertDiffers(
                mismatch(with(githubClaims(), "ref_protected", "false"), publisher.make()),
                Code.REF_MISMATCH,
                "ref",
                "protected",
                "refs/tags/v1.2.0 (not protected)");
    }

    /** Any job of any branch can run GitLab's file in a state of its own. */
    @Test
    void gitlabNeedsAnEnvironmentOrAProtectedRef() throws ExchangeRefused {
        PublisherOf gitlab = PublisherOf.gitlab();
        Map<String, Object> claims = with(gitlabClaims(), "ref_protected", "false");
        assertThat(mismatch(claims, gitlab.make()).code()).isEqualTo(Code.REF_MISMATCH);
        gitlab.refPattern = "refs/tags/v*";
        assertDiffers(
                mismatch(claims, gitlab.make()),
                Code.REF_MISMATCH,
                "ref",
                "protected refs/tags/v*",
                "refs/tags/v1.2.0 (not protected)");
        gitlab.environment = "release";
        assertMatches(claims, gitlab.make());
    }

    // --- status, and who is nearest ---

    @Test
    void frozenPublisherDoesNothing() throws ExchangeRefused {
        publisher.status = Status.FROZEN;
        Mismatch mismatch = mismatch(githubClaims(), publisher.make());
        assertThat(mismatch.code()).isEqualTo(Code.DISABLED);
        assertThat(mismatch.message()).contains("pub_1").contains("frozen");
        PublisherOf generic = PublisherOf.generic(Map.of("sub", "repo:octo-org/widgets:environment:release"));
        assertThat(find(githubClaims(), generic.make())).isInstanceOf(Matched.class);
        generic.status = Status.FROZEN;
        assertThat(mismatch(githubClaims(), generic.make()).code()).isEqualTo(Code.DISABLED);
    }

    @Test
    void pendingPublisherMatchesAsAnyOther() throws ExchangeRefused {
        publisher.status = Status.PENDING;
        assertMatches(githubClaims(), publisher.make());
    }

    @Test
    void publisherThatAgreesInMostStepsIsTold() throws ExchangeRefused {
        publisher.workflow = "other.yml";
        TrustedPublisher otherFile = publisher.make();
        publisher.id = "pub_2";
        publisher.workflow = "release.yml";
        publisher.environment = "production";
        TrustedPublisher otherEnvironment = publisher.make();
        publisher.id = "pub_3";
        publisher.repositoryId = "99";
        TrustedPublisher otherId = publisher.make();
        Nearest nearest = (Nearest) find(githubClaims(), otherFile, otherEnvironment, otherId);
        assertThat(nearest.nearest()).isEqualTo(otherEnvironment);
        assertDiffers(nearest.mismatch(), Code.ENVIRONMENT_MISMATCH, "environment", "production", "release");
    }
}
