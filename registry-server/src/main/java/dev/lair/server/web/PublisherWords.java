package dev.lair.server.web;

import dev.lair.registry.attestation.PublisherIdentity;
import dev.lair.server.provenance.Origins.Origin;
import dev.lair.server.web.PackageViews.Publication;
import dev.lair.server.web.ReleaseView.Link;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Says who published, from what the registry verified: a CI job of a forge, or who held a token or a key. */
final class PublisherWords {

    private static final String GITHUB = "https://token.actions.githubusercontent.com";
    private static final String GITHUB_SITE = "https://github.com/";
    private static final int COMMIT_CHARACTERS = 12;

    private PublisherWords() {}

    /** One line: the forge and the repository, or the kind of credential. */
    static String by(Optional<Origin> origin) {
        if (origin.isEmpty()) {
            return "nobody attested who published";
        }
        PublisherIdentity publisher = origin.get().statement().publisher();
        return switch (publisher.kind()) {
            case TRUSTED -> forge(publisher) + ", " + repository(publisher.claims());
            case TOKEN -> "an API token of a person";
            case SESSION -> "a person who was logged in";
            case KEY -> "the author’s own key";
        };
    }

    /** What an identity is compared by, from release to release. */
    static String identity(Optional<Origin> origin) {
        if (origin.isEmpty()) {
            return "";
        }
        PublisherIdentity publisher = origin.get().statement().publisher();
        String workflow = workflow(publisher.claims());
        return publisher.kind().text() + " " + publisher.issuer().orElse("") + " " + repository(publisher.claims())
                + " " + (workflow == null ? "" : workflow.replaceAll("@.*", ""));
    }

    static Publication of(Optional<Origin> origin, String recordTime) {
        if (origin.isEmpty()) {
            return new Publication(recordTime, by(origin), false, List.of());
        }
        PublisherIdentity publisher = origin.get().statement().publisher();
        return new Publication(
                origin.get().statement().publishedAt().toString(),
                by(origin),
                publisher.kind() == PublisherIdentity.Kind.TRUSTED,
                details(publisher));
    }

    private static List<Link> details(PublisherIdentity publisher) {
        Map<String, String> claims = publisher.claims();
        boolean isGithub = publisher.issuer().filter(GITHUB::equals).isPresent();
        List<Link> details = new ArrayList<>();
        String repository = repository(claims);
        if (!repository.isEmpty()) {
            add(details, "repository", repository, isGithub ? GITHUB_SITE + repository : null);
        }
        add(details, "workflow", workflow(claims), null);
        String commit = claims.get("sha");
        if (commit != null) {
            add(
                    details,
                    "commit",
                    commit.substring(0, Math.min(COMMIT_CHARACTERS, commit.length())),
                    isGithub && commit.matches("[0-9a-f]{40}") ? GITHUB_SITE + repository + "/commit/" + commit : null);
        }
        add(details, "ref", claims.getOrDefault("ref", claims.get("ref_path")), null);
        String run = claims.get("run_id");
        add(
                details,
                "run",
                run,
                isGithub && run != null && run.matches("[0-9]{1,20}")
                        ? GITHUB_SITE + repository + "/actions/runs/" + run
                        : null);
        return details;
    }

    private static void add(List<Link> details, String name, @Nullable String value, @Nullable String url) {
        if (value != null) {
            details.add(new Link(value, url, false, name));
        }
    }

    private static String forge(PublisherIdentity publisher) {
        String issuer = publisher.issuer().orElse("");
        if (issuer.equals(GITHUB)) {
            return "GitHub Actions";
        }
        return publisher.claims().containsKey("project_path") ? "GitLab CI at " + issuer : "a CI job of " + issuer;
    }

    private static String repository(Map<String, String> claims) {
        String found = claims.getOrDefault("repository", claims.getOrDefault("project_path", claims.get("sub")));
        return found == null ? "" : found;
    }

    private static @Nullable String workflow(Map<String, String> claims) {
        return claims.getOrDefault("workflow_ref", claims.get("ci_config_ref_uri"));
    }
}
