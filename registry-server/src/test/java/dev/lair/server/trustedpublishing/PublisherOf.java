package dev.lair.server.trustedpublishing;

import dev.lair.registry.PackagePattern;
import dev.lair.server.settings.LairSettings.IssuerKind;
import dev.lair.server.trustedpublishing.TrustedPublisher.Action;
import dev.lair.server.trustedpublishing.TrustedPublisher.Status;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes publishers field by field; what a test does not say is as {@code octo-org/widgets} would have it. */
final class PublisherOf {

    String id = "pub_1";
    String issuer = ForgedIssuer.URL;
    IssuerKind kind = IssuerKind.GITHUB;
    List<PackagePattern> packages = List.of(PackagePattern.parse("octo:widgets"));

    @Nullable
    String owner = "octo-org";

    @Nullable
    String ownerId = "65";

    @Nullable
    String repository = "widgets";

    @Nullable
    String repositoryId = "74";

    @Nullable
    String workflow = "release.yml";

    @Nullable
    String reusableWorkflow;

    @Nullable
    String environment;

    @Nullable
    String refPattern;

    Map<String, String> claims = Map.of();
    boolean schedule;
    Set<Action> actions = Set.of(Action.PUBLISH);
    Status status = Status.ACTIVE;

    static PublisherOf github() {
        return new PublisherOf();
    }

    static PublisherOf gitlab() {
        PublisherOf of = new PublisherOf();
        of.kind = IssuerKind.GITLAB;
        of.owner = "acme/tools";
        of.ownerId = "72";
        of.repositoryId = "20";
        of.workflow = ".gitlab-ci.yml";
        return of;
    }

    static PublisherOf generic(Map<String, String> claims) {
        PublisherOf of = new PublisherOf();
        of.kind = IssuerKind.GENERIC;
        of.owner = null;
        of.ownerId = null;
        of.repository = null;
        of.repositoryId = null;
        of.workflow = null;
        of.claims = claims;
        return of;
    }

    TrustedPublisher make() {
        RefPattern ref =
                refPattern == null ? null : RefPattern.parse(refPattern).orElseThrow();
        return new TrustedPublisher(
                id,
                issuer,
                kind,
                packages,
                owner,
                ownerId,
                repository,
                repositoryId,
                workflow,
                reusableWorkflow,
                environment,
                ref,
                claims,
                schedule,
                actions,
                status);
    }
}
