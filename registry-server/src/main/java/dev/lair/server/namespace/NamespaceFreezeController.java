package dev.lair.server.namespace;

import dev.lair.registry.api.ApiPaths;
import dev.lair.registry.api.PeopleDocuments;
import dev.lair.registry.api.Problem;
import dev.lair.server.access.Access;
import dev.lair.server.access.Act;
import dev.lair.server.access.JsonBody;
import dev.lair.server.access.ToReview;
import dev.lair.server.account.Requester;
import dev.lair.server.problem.ProblemException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code …/namespaces/{namespace}/freeze}, {@code unfreeze} and {@code recover}; see {@link NamespaceFreezes}. */
@RestController
class NamespaceFreezeController {

    private static final Duration USUAL = Duration.ofDays(30);

    private final NamespaceFreezes freezes;
    private final Clock clock;

    NamespaceFreezeController(NamespaceFreezes freezes, Clock clock) {
        this.freezes = freezes;
        this.clock = clock;
    }

    @Access(Act.FREEZE_NAMESPACE)
    @PostMapping("/" + ApiPaths.NAMESPACE_FREEZE)
    ResponseEntity<byte[]> freeze(@PathVariable String namespace, InputStream in, Requester requester) {
        PeopleDocuments.NamespaceFreeze body = JsonBody.read(in, PeopleDocuments.NamespaceFreeze.class);
        Instant since = since(body.since());
        NamespaceFreezes.Frozen frozen =
                freezes.freeze(requester, NamespaceController.parse(namespace), body.reason(), since);
        return JsonBody.ok(new PeopleDocuments.FrozenNamespace(
                namespace,
                frozen.at().toString(),
                frozen.tokens(),
                ToReview.documents(frozen.publishers()),
                since.toString(),
                frozen.releases().stream()
                        .map(each -> new PeopleDocuments.SignedRelease(
                                each.packageName(), each.version(), each.at().toString()))
                        .toList()));
    }

    @Access(Act.UNFREEZE_NAMESPACE)
    @PostMapping("/" + ApiPaths.NAMESPACE_UNFREEZE)
    ResponseEntity<byte[]> unfreeze(@PathVariable String namespace, Requester requester) {
        return JsonBody.ok(
                NamespaceController.document(freezes.unfreeze(requester, NamespaceController.parse(namespace))));
    }

    @Access(Act.RECOVER)
    @PostMapping("/" + ApiPaths.NAMESPACE_RECOVER)
    ResponseEntity<byte[]> recover(@PathVariable String namespace, InputStream in, Requester requester) {
        PeopleDocuments.Recovery body = JsonBody.read(in, PeopleDocuments.Recovery.class);
        return JsonBody.ok(NamespaceController.document(
                freezes.recover(requester, NamespaceController.parse(namespace), body.to(), body.reason())));
    }

    private Instant since(@Nullable String text) {
        if (text == null) {
            return clock.instant().minus(USUAL);
        }
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new ProblemException(
                    Problem.Kind.INVALID, "`since` is a time like 2026-01-02T00:00:00Z, not `" + text + "`");
        }
    }
}
