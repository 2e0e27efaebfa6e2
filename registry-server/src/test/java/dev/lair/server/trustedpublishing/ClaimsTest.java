package dev.lair.server.trustedpublishing;

import static dev.lair.server.trustedpublishing.ForgedIssuer.githubClaims;
import static dev.lair.server.trustedpublishing.ForgedIssuer.gitlabClaims;
import static dev.lair.server.trustedpublishing.ForgedIssuer.read;
import static dev.lair.server.trustedpublishing.ForgedIssuer.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lair.server.settings.LairSettings.IssuerKind;
import dev.lair.server.trustedpublishing.ExchangeRefused.Code;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RubyGems 2024-11: a claim that was missing ended in a fault of the server. */
class ClaimsTest {

    private static void assertMalformed(IssuerKind kind, Map<String, Object> claims, String named) {
        ExchangeRefused refused = catchThrowableOfType(ExchangeRefused.class, () -> read(kind, claims));
        assertThat(refused).as(named + " was taken").isNotNull();
        assertThat(refused.code()).isEqualTo(Code.MALFORMED_TOKEN);
        assertThat(refused).hasMessageContaining("the claim " + named + " ");
    }

    private static final List<Object> WRONG =
            List.of(1, true, 1.5, List.of("a"), Map.of("a", "b"), "a\nb", "a\u0000", "\ud800", "x".repeat(1025));

    @ParameterizedTest
    @ValueSource(
            strings = {"repository", "repository_id", "repository_owner_id", "workflow_ref", "ref", "sha", "event_name"
            })
    void claimOfGithubThatIsMissingOrOfAnotherTypeIsNamed(String claim) {
        assertMalformed(IssuerKind.GITHUB, with(githubClaims(), claim, null), claim);
        assertMalformed(IssuerKind.GITHUB, with(githubClaims(), claim, ""), claim);
        for (Object wrong : WRONG) {
            assertMalformed(IssuerKind.GITHUB, with(githubClaims(), claim, wrong), claim);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "environment",
                "job_workflow_ref",
                "job_workflow_sha",
                "runner_environment",
                "run_id",
                "run_attempt",
                "actor_id",
                "repository_visibility",
                "ref_type"
            })
    void claimOfGithubThatMayBeMissingIsNamedWhenItIsOfAnotherType(String claim) throws ExchangeRefused {
        assertThat(read(IssuerKind.GITHUB, with(githubClaims(), claim, null)).shown())
                .doesNotContainKey(claim);
        assertThat(read(IssuerKind.GITHUB, with(githubClaims(), claim, "")).shown())
                .doesNotContainKey(claim);
        for (Object wrong : WRONG) {
            assertMalformed(IssuerKind.GITHUB, with(githubClaims(), claim, wrong), claim);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"project_path", "project_id", "namespace_id", "ref_path", "sha", "pipeline_source"})
    void claimOfGitlabThatIsMissingOrOfAnotherTypeIsNamed(String claim) {
        assertMalformed(IssuerKind.GITLAB, with(gitlabClaims(), claim, null), claim);
        for (Object wrong : WRONG) {
            assertMalformed(IssuerKind.GITLAB, with(gitlabClaims(), claim, wrong), claim);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"environment", "runner_environment", "ci_config_ref_uri", "job_id", "pipeline_id", "ref_type"})
    void claimOfGitlabThatMayBeMissingIsNamedWhenItIsOfAnotherType(String claim) throws ExchangeRefused {
        assertThat(read(IssuerKind.GITLAB, with(gitlabClaims(), claim, null)).shown())
                .doesNotContainKey(claim);
        for (Object wrong : WRONG) {
            assertMalformed(IssuerKind.GITLAB, with(gitlabClaims(), claim, wrong), claim);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"65 ", "-1", "0x1", "６５", "1.0", "a", "123456789012345678901"})
    void idIsANumberInAText(String id) {
        assertMalformed(IssuerKind.GITHUB, with(githubClaims(), "repository_id", id), "repository_id");
        assertMalformed(IssuerKind.GITLAB, with(gitlabClaims(), "namespace_id", id), "namespace_id");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "octo-org",
                "octo-org/",
                "/widgets",
                "octo-org/wid/gets",
                "öcto/widgets",
                "octo org/w",
                "\u212a/w"
            })
    void repositoryIsTwoNamesInAscii(String repository) {
        assertMalformed(IssuerKind.GITHUB, with(githubClaims(), "repository", repository), "repository");
    }

    @Test
    void repositoryOfACompanysAccountIsRead() throws ExchangeRefused {
        Map<String, Object> claims = with(githubClaims(), "repository", "octocat_acme/widgets");
        assertThat(((GithubClaims) read(IssuerKind.GITHUB, claims)).repository())
                .isEqualTo("octocat_acme/widgets");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"release.yml", "octo-org/widgets@main", "octo-org/widgets/.github/workflows/a.yml", "@", "a/b/@c"
            })
    void workflowIsAFileInARepositoryAtARef(String workflow) {
        assertMalformed(IssuerKind.GITHUB, with(githubClaims(), "workflow_ref", workflow), "workflow_ref");
        assertMalformed(IssuerKind.GITHUB, with(githubClaims(), "job_workflow_ref", workflow), "job_workflow_ref");
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "repo:octo-org/widgets:ref:refs/heads/main",
                "repo:octo-org/widgets:environment:release",
                "repo:octo-org@65/widgets@74:environment:release",
                "repo:octo-org@65/widgets@74:ref:refs/tags/v1.2.0",
                "whatever:the:repository:made:of:it",
                ""
            })
    void subjectOfGithubIsNotReadWhateverItsForm(String subject) throws ExchangeRefused {
        assertThat(read(IssuerKind.GITHUB, with(githubClaims(), "sub", subject)))
                .isEqualTo(read(IssuerKind.GITHUB, githubClaims()));
    }

    @Test
    void claimsThatNobodyAskedForArePassedOver() throws ExchangeRefused {
        Map<String, Object> claims = with(githubClaims(), "repo_property_team", List.of("a", Map.of("b", 1)));
        claims = with(claims, "actor", 7);
        assertThat(read(IssuerKind.GITHUB, claims)).isEqualTo(read(IssuerKind.GITHUB, githubClaims()));
    }

    @Test
    void protectionOfTheRefIsATruthValueInEitherForm() throws ExchangeRefused {
        for (Object yes : List.of("true", true)) {
            assertThat(((GithubClaims) read(IssuerKind.GITHUB, with(githubClaims(), "ref_protected", yes)))
                            .refProtected())
                    .isTrue();
        }
        for (Object no : List.of("false", false)) {
            assertThat(((GithubClaims) read(IssuerKind.GITHUB, with(githubClaims(), "ref_protected", no)))
                            .refProtected())
                    .isFalse();
        }
        assertThat(((GithubClaims) read(IssuerKind.GITHUB, with(githubClaims(), "ref_protected", null))).refProtected())
                .isFalse();
        for (Object wrong : List.of("TRUE", "yes", 1, "")) {
            assertMalformed(IssuerKind.GITHUB, with(githubClaims(), "ref_protected", wrong), "ref_protected");
        }
    }

    @Test
    void refWithAnAtSignStaysWhole() throws ExchangeRefused {
        Map<String, Object> claims =
                with(githubClaims(), "workflow_ref", "octo-org/widgets/.github/workflows/r.yml@refs/heads/me@home");
        GithubClaims read = (GithubClaims) read(IssuerKind.GITHUB, claims);
        assertThat(read.workflow().ref()).isEqualTo("refs/heads/me@home");
        assertThat(read.workflowName()).isEqualTo("r.yml");
    }

    @Test
    void workflowOfAnotherRepositoryOrFolderIsNoWorkflowOfThisOne() throws ExchangeRefused {
        for (String file : List.of(
                "evil/widgets/.github/workflows/release.yml",
                "octo-org/widgets/release.yml",
                "octo-org/widgets/.github/workflows/sub/release.yml",
                "octo-org/widgets/x/.github/workflows/release.yml",
                "octo-org/widgets/dynamic/pages/release.yml")) {
            GithubClaims read = (GithubClaims)
                    read(IssuerKind.GITHUB, with(githubClaims(), "workflow_ref", file + "@refs/heads/main"));
            assertThat(read.workflowName()).isEqualTo(file);
        }
    }

    @Test
    void gitlabsFileOfAnotherProjectIsNoFileOfThisOne() throws ExchangeRefused {
        assertThat(((GitlabClaims) read(IssuerKind.GITLAB, gitlabClaims())).workflowName())
                .isEqualTo(".gitlab-ci.yml");
        for (String uri : List.of(
                "gitlab.example/evil/tools/widgets//.gitlab-ci.yml@refs/heads/main",
                "gitlab.example/evilacme/tools/widgets//.gitlab-ci.yml@refs/heads/main")) {
            assertThat(((GitlabClaims) read(IssuerKind.GITLAB, with(gitlabClaims(), "ci_config_ref_uri", uri)))
                            .workflowName())
                    .as(uri)
                    .isNull();
        }
        for (String uri : List.of("a", "gitlab.example/acme/tools/widgets//@x", "a//b", "@", "//@")) {
            assertMalformed(IssuerKind.GITLAB, with(gitlabClaims(), "ci_config_ref_uri", uri), "ci_config_ref_uri");
        }
    }

    @Test
    void genericClaimsAreTheTextsNumbersAndTruthValuesAtTheTop() throws ExchangeRefused {
        Map<String, Object> claims = ForgedIssuer.aboutTheToken();
        claims.put("sub", "110169484474386276334");
        claims.put("email", "ci@acme.example");
        claims.put("email_verified", true);
        claims.put("oidc.example/project-id", "p");
        claims.put("build", 42);
        claims.put("nested", Map.of("a", "b"));
        claims.put("list", List.of("a"));
        claims.put("nothing", null);
        claims.put("bad name", "x");
        assertThat(read(IssuerKind.GENERIC, claims).shown())
                .isEqualTo(new TreeMap<>(Map.of(
                        "sub", "110169484474386276334",
                        "email", "ci@acme.example",
                        "email_verified", "true",
                        "oidc.example/project-id", "p",
                        "build", "42")));
        assertMalformed(IssuerKind.GENERIC, with(claims, "sub", null), "sub");
        assertMalformed(IssuerKind.GENERIC, with(claims, "sub", 1), "sub");
    }

    @Test
    void emojiOfABranchIsReadAndADirectionChangeIsNot() throws ExchangeRefused {
        Map<String, Object> claims = new LinkedHashMap<>(githubClaims());
        claims.put("ref", "refs/heads/👩‍🚀");
        assertThat(((GithubClaims) read(IssuerKind.GITHUB, claims)).ref()).isEqualTo("refs/heads/👩‍🚀");
        assertMalformed(IssuerKind.GITHUB, with(claims, "ref", "refs/heads/\u202egpj.exe"), "ref");
    }

    /** Turkish has two letters i; the Kelvin sign and the long s fold to ASCII in Java's own comparison. */
    @Test
    void caseIsFoldedInAsciiAloneInEveryLanguage() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("tr"));
        try {
            assertThat(AsciiCase.same("WIDGETS/Ci", "widgets/cI")).isTrue();
            assertThat(AsciiCase.same("k", "\u212a")).isFalse();
            assertThat("k").isEqualToIgnoringCase("\u212a");
            assertThat(AsciiCase.same("release", "relea\u017fe")).isFalse();
            assertThat(AsciiCase.same("İ", "i")).isFalse();
            assertThat(AsciiCase.same("Ä", "ä")).isFalse();
            assertThat(Code.INVALID_SIGNATURE.text()).isEqualTo("invalid_signature");
        } finally {
            Locale.setDefault(before);
        }
    }
}
