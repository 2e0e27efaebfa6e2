package dev.lair.server.trustedpublishing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Section 1, "Field rules". */
class TrustedPublisherTest {

    private static void assertRefused(PublisherOf of, String field, Consumer<PublisherOf> change) {
        change.accept(of);
        MalformedPublisherException refused = catchThrowableOfType(MalformedPublisherException.class, of::make);
        assertThat(refused).as(field + " was taken").isNotNull();
        assertThat(refused.field()).as(refused.getMessage()).isEqualTo(field);
        assertThat(refused).hasMessageContaining("a publisher's " + field + " cannot be");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-octo", "octo_org", "octo/org", "öcto", "octo org", "octo.org", "octo\n", "*"})
    void ownerOfGithubIsLettersDigitsAndHyphens(String owner) {
        assertRefused(PublisherOf.github(), "owner", of -> of.owner = owner);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "wid/gets", "wid gets", "widgets*", "wídgets", "wid@gets", "widgets\n"})
    void repositoryIsABareName(String repository) {
        assertRefused(PublisherOf.github(), "repository", of -> of.repository = repository);
        assertRefused(PublisherOf.gitlab(), "repository", of -> of.repository = repository);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "release",
                "release.txt",
                ".github/workflows/release.yml",
                "a\\b.yml",
                "a@b.yml",
                "réle.yml",
                "a\n.yml"
            })
    void workflowOfGithubIsABareFileName(String workflow) {
        assertRefused(PublisherOf.github(), "workflow", of -> of.workflow = workflow);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/ci.yml", "a//ci.yml", "ci", "a@b.yml", "a/"})
    void workflowOfGitlabIsAPath(String workflow) {
        assertRefused(PublisherOf.gitlab(), "workflow", of -> of.workflow = workflow);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/a", "a/", "a//b", "ä/b", "-a", "a b"})
    void ownerOfGitlabIsThePathOfAGroup(String owner) {
        assertRefused(PublisherOf.gitlab(), "owner", of -> of.owner = owner);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "release.yml",
                "octo-org/shared/release.yml",
                "octo-org/shared/.github/workflows/a/b.yml",
                "octo-org/shared/.github/workflows/b.yml@",
                "octo-org/shared/.github/workflows/b.yml@a b"
            })
    void reusableWorkflowIsAFileInARepository(String file) {
        assertRefused(PublisherOf.github(), "reusableWorkflow", of -> of.reusableWorkflow = file);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a'b", "a\"b", "a`b", "a,b", "a;b", "a\\b", "a\nb", "a\u007fb", "a\u0085b"})
    void environmentHasNoControlCharactersAndNoQuotes(String environment) {
        assertRefused(PublisherOf.github(), "environment", of -> of.environment = environment);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "1a", "６５", "123456789012345678901"})
    void idsAreNumbers(String id) {
        assertRefused(PublisherOf.github(), "ownerId", of -> of.ownerId = id);
        assertRefused(PublisherOf.github(), "repositoryId", of -> of.repositoryId = id);
    }

    @Test
    void noFieldHasMoreThanTwoHundredFiftyFiveCharacters() {
        String most = "a".repeat(255);
        PublisherOf of = PublisherOf.github();
        of.owner = most;
        of.repository = most;
        of.environment = most;
        of.workflow = "a".repeat(251) + ".yml";
        assertThat(of.make().fullName()).hasSize(511);
        String more = "a".repeat(256);
        assertRefused(PublisherOf.github(), "owner", one -> one.owner = more);
        assertRefused(PublisherOf.github(), "repository", one -> one.repository = more);
        assertRefused(PublisherOf.github(), "environment", one -> one.environment = more);
        assertRefused(PublisherOf.github(), "workflow", one -> one.workflow = more + ".yml");
        assertRefused(PublisherOf.github(), "refPattern", one -> one.refPattern = "refs/tags/" + more);
    }

    @Test
    void whatANeededFieldLacksIsSaid() {
        assertRefused(PublisherOf.github(), "owner", of -> of.owner = null);
        assertRefused(PublisherOf.github(), "repository", of -> of.repository = null);
        assertRefused(PublisherOf.github(), "workflow", of -> of.workflow = null);
        assertRefused(PublisherOf.github(), "packages", of -> of.packages = List.of());
        assertRefused(PublisherOf.github(), "actions", of -> of.actions = Set.of());
    }

    @Test
    void fieldsOfAnotherKindOfIssuerAreRefused() {
        assertRefused(PublisherOf.github(), "claims", of -> of.claims = Map.of("sub", "x"));
        assertRefused(
                PublisherOf.gitlab(), "reusableWorkflow", of -> of.reusableWorkflow = "a/b/.github/workflows/c.yml");
        Map<String, String> who = Map.of("sub", "x");
        assertRefused(PublisherOf.generic(who), "owner", of -> of.owner = "a");
        assertRefused(PublisherOf.generic(who), "environment", of -> of.environment = "a");
        assertRefused(PublisherOf.generic(who), "refPattern", of -> of.refPattern = "protected");
    }

    @Test
    void genericPublisherDemandsWhoItIs() {
        assertThat(PublisherOf.generic(Map.of("sub", "x")).make().fullName()).isEmpty();
        assertThat(PublisherOf.generic(Map.of("email", "x@y.example")).make().claims())
                .hasSize(1);
        for (Map<String, String> claims : List.of(
                Map.<String, String>of(),
                Map.of("project", "x"),
                Map.of("sub", ""),
                Map.of("sub", "x", "iss", "y"),
                Map.of("sub", "x", "bad name", "y"),
                Map.of("sub", "x".repeat(1025)))) {
            assertRefused(PublisherOf.generic(Map.of("sub", "x")), "claims", of -> of.claims = claims);
        }
    }
}
